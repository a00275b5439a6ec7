import { DONE, EVENTS, FIRST, json, LAST, type Play, WHOLE } from "./raw-upstream.ts";

export interface UpstreamFault {
  name: string;
  play: Play;
  /** Asked whole, streamed, or both: the default. */
  only?: "whole" | "streamed";
  /** Usable after all. Default: a typed error. */
  answers?: true;
  /** Never says what it is waited for. */
  silent?: true;
}

const send =
  (...pieces: (string | Uint8Array)[]): Play =>
  (socket) => {
    for (const piece of pieces) socket.write(piece);
    socket.end();
  };
const ERROR = JSON.stringify({ error: { message: "overloaded", type: "server_error", param: null, code: null } });
const MEGABYTES = 10 * 1024 * 1024;
const WHOLE_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** One byte a write, each on the wire before the next. */
const dribble =
  (text: string): Play =>
  (socket) => {
    const bytes = Buffer.from(text);
    let at = 0;
    socket.setNoDelay(true);
    const next = () => {
      if (at < bytes.length && !socket.destroyed) socket.write(bytes.subarray(at++, at), () => setImmediate(next));
      else socket.end();
    };
    next();
  };

/** What an upstream can do to a request, byte by byte. */
export const upstreamFaults: readonly UpstreamFault[] = [
  { name: "resets the connection", play: (socket) => socket.resetAndDestroy() },
  { name: "hangs up without a word", play: (socket) => socket.end() },
  { name: "never answers", silent: true, play: () => {} },
  { name: "stops in its status line", silent: true, play: (socket) => socket.write("HTTP/1.1 20") },
  {
    name: "stops in its headers",
    silent: true,
    play: (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-type: app"),
  },
  { name: "answers garbage", play: send("\u0000\u0001garbage\r\n\r\nmore") },
  { name: "answers in another protocol", play: send("220 mail.example.com ESMTP\r\n") },
  { name: "sends a header of a megabyte", play: send(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(1_048_576)}\r\n\r\n`) },
  {
    name: "sends informational answers without end",
    silent: true,
    play: (socket) => {
      socket.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(50));
    },
  },
  { name: "says two lengths", play: send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nxxxxx") },
  { name: "answers in HTML", play: send(json("<html>", "200 OK", "text/html")) },
  { name: "answers nothing", play: send(json("")) },
  { name: "answers null", play: send(json("null")) },
  { name: "answers a list", play: send(json("[]")) },
  { name: "answers half an object", play: send(json(WHOLE.slice(0, -10))) },
  { name: "answers 200 with an error", play: send(json(ERROR)) },
  { name: "answers 200 with an error that is a text", play: send(json('{"error":"overloaded"}')) },
  { name: "answers 204", play: send("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n") },
  {
    name: "redirects",
    play: send("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
  },
  { name: "answers 500 in HTML", play: send(json("<html>", "500 Oops", "text/html")) },
  {
    name: "answers 429 with an error of 10 MB",
    play: send(json(`{"error":{"message":"${"x".repeat(MEGABYTES)}"}}`, "429 Slow")),
  },
  { name: "answers 401", play: send(json(ERROR, "401 Unauthorized")) },
  {
    name: "answers 429 with headers that nobody can write",
    play: send(json(ERROR, "429 Slow\r\nretry-after: \u20ac\u0001")),
  },
  {
    name: "answers 429 with a retry-after in Greek",
    play: send(json(ERROR, "429 Slow\r\nretry-after: \u03b1")),
  },
  { name: "answers 999", play: send(json(ERROR, "999 What")) },
  {
    name: "compresses unasked",
    play: send(`${WHOLE_HEAD}content-encoding: gzip\r\ncontent-length: 3\r\n\r\n\u001f\u008b\u0008`),
  },
  {
    name: "stops in its body",
    silent: true,
    play: (socket) => socket.write(`${WHOLE_HEAD}content-length: 500\r\n\r\n${WHOLE.slice(0, 50)}`),
  },
  {
    name: "resets in its body",
    only: "whole",
    play: (socket) => {
      socket.write(`${WHOLE_HEAD}content-length: 500\r\n\r\n{`, () => socket.resetAndDestroy());
    },
  },
  { name: "announces a body over the limit", play: send(`${WHOLE_HEAD}content-length: 99999999999\r\n\r\n{`) },
  { name: "sends a body over the limit", only: "whole", play: send(`${WHOLE_HEAD}\r\n{"x":"`, "x".repeat(MEGABYTES)) },
  { name: "sends an event stream unasked", only: "whole", play: send(EVENTS, FIRST, LAST, DONE) },

  { name: "ends a stream before it began", only: "streamed", play: send(EVENTS) },
  { name: "ends a stream without a terminal event", only: "streamed", play: send(EVENTS, FIRST, LAST) },
  { name: "ends a stream in an event", only: "streamed", play: send(EVENTS, FIRST, 'data: {"cho') },
  {
    name: "ends a stream in a character",
    only: "streamed",
    play: send(EVENTS, FIRST, 'data: {"x":"', Uint8Array.of(0xf0, 0x9f)),
  },
  { name: "ends a stream in the terminal event", only: "streamed", play: send(EVENTS, FIRST, LAST, "data: [DO") },
  {
    name: "streams bytes that are no events",
    only: "streamed",
    play: send(
      EVENTS,
      Uint8Array.from({ length: 4_096 }, (_, i) => (i * 7) % 256),
    ),
  },
  { name: "streams comments alone", only: "streamed", play: send(EVENTS, ": ping\n\n".repeat(100)) },
  { name: "streams an error", only: "streamed", play: send(EVENTS, FIRST, `data: ${ERROR}\n\n`) },
  { name: "streams an error at once", only: "streamed", play: send(EVENTS, `data: ${ERROR}\n\n`) },
  { name: "streams a line of 10 MB", only: "streamed", play: send(EVENTS, FIRST, `data: "${"x".repeat(MEGABYTES)}`) },
  {
    name: "falls silent before the first event",
    silent: true,
    only: "streamed",
    play: (socket) => socket.write(EVENTS),
  },
  { name: "falls silent in a stream", silent: true, only: "streamed", play: (socket) => socket.write(EVENTS + FIRST) },
  {
    name: "resets in a stream",
    only: "streamed",
    play: (socket) => {
      socket.write(EVENTS + FIRST, () => socket.resetAndDestroy());
    },
  },
  {
    name: "breaks the framing of a stream",
    only: "streamed",
    play: send(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
      `${Buffer.byteLength(FIRST).toString(16)}\r\n${FIRST}\r\n`,
      "zz\r\n",
    ),
  },

  { name: "streams byte by byte", only: "streamed", answers: true, play: dribble(EVENTS + FIRST + LAST + DONE) },
  {
    name: "streams with CRLF",
    only: "streamed",
    answers: true,
    play: send(EVENTS, (FIRST + LAST + DONE).replaceAll("\n", "\r\n")),
  },
  {
    name: "goes on after the end of the stream",
    only: "streamed",
    answers: true,
    play: send(EVENTS, FIRST, LAST, DONE),
  },
  { name: "answers whole", only: "whole", answers: true, play: send(json(WHOLE)) },
];
