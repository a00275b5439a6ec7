import { createServer, type Socket } from "node:net";
import { answerParent } from "../host/ipc.ts";
import { wholeReply } from "./replies.ts";
import { brief, finishAll, hold, paced, stoppedStreams, tick } from "./streams.ts";

// The raw upstream that every target stands in front of. It reads just enough HTTP to know where a request ends, so
// that it costs a fraction of what the targets do. Latin-1 text has a character a byte, so lengths can be compared.

const server = createServer({ noDelay: true }, (socket) => {
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0 || !isComplete(text, headEnd + 4)) return;
    const request = text;
    text = "";
    reply(socket, request);
  });
}).listen({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 4096 });

function isComplete(text: string, bodyAt: number): boolean {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return length === undefined ? text.endsWith("\r\n0\r\n\r\n") : text.length - bodyAt >= Number(length);
}

function reply(socket: Socket, request: string): void {
  const [, order, number] = /@(\w+):(\d+)/.exec(request) ?? [];
  if (order === "paced") paced(socket, Number(number));
  else if (order === "brief") brief(socket);
  else if (order === "held") hold(socket, Number(number), false);
  else if (order === "endless") hold(socket, Number(number), true);
  else socket.write(wholeReply);
}

answerParent(({ ask, count, withinMs }) => {
  if (ask === "tick") tick();
  else if (ask === "finish") finishAll();
  else if (ask === "stopped") return stoppedStreams(Number(count), Number(withinMs));
  return server.listening;
});
