import type { Running } from "../fleet.ts";
import { words } from "../upstream/replies.ts";
import { openConnection } from "./connection.ts";

/** A target that is fast because it answers something else would win: its replies must be the upstream's. */
export async function checkReplies(server: Pick<Running, "port" | "request">): Promise<void> {
  const whole = await bodyOf(server, server.request("plain"));
  if (!whole.includes(`"content":"${words.join("")}"`)) throw new Error("a whole reply is not the upstream's");
  const stream = await bodyOf(server, server.request("paced", 1));
  const missing = words.find((word) => !stream.includes(`"content":"${word}"`));
  if (missing !== undefined) throw new Error(`a stream lacks the upstream's chunk "${missing}"`);
  if (!stream.includes("[DONE]")) throw new Error("a stream lacks its end");
}

async function bodyOf({ port }: Pick<Running, "port">, request: Buffer): Promise<string> {
  const connection = await openConnection(port);
  let text = "";
  const status = await connection.send(request, (bytes) => {
    text += bytes.toString("latin1");
  });
  connection.destroy();
  if (status !== 200) throw new Error(`status ${status}: ${text.slice(0, 200)}`);
  return text;
}
