import { type ClientRequest, request } from "node:http";
import { CHAT } from "../kit/wire.ts";

export interface Got {
  status: number;
  contentType: string;
  text: string;
  /** True when the server broke the connection off. */
  brokenOff: boolean;
}

export const BODIES = {
  "/chat/completions": { model: "m", messages: [{ role: "user", content: "hi" }] },
  "/completions": { model: "m", prompt: "hi" },
  "/embeddings": { model: "m", input: ["hi", "ho"] },
} as const;

export type Path = keyof typeof BODIES;

/** Asks over a connection of its own and reads to the end. */
export function ask(port: number, path: Path, more: object): Promise<Got> {
  return new Promise((resolve) => {
    const got: Got = { status: 0, contentType: "", text: "", brokenOff: false };
    const sent = post(port, path, more);
    sent.on("error", () => resolve({ ...got, brokenOff: true }));
    sent.on("response", (response) => {
      got.status = response.statusCode ?? 0;
      got.contentType = response.headers["content-type"] ?? "";
      response.setEncoding("utf8").on("data", (text: string) => {
        got.text += text;
      });
      response.on("error", () => {});
      response.on("close", () => resolve({ ...got, brokenOff: !response.complete }));
    });
  });
}

/** Asks, and leaves: as soon as `cue` says so, or with the first byte of the answer. */
export async function askAndLeave(
  port: number,
  path: Path,
  more: object,
  cue: Promise<void> | "first byte",
): Promise<void> {
  const sent = post(port, path, more);
  sent.on("error", () => {});
  const closed = new Promise<void>((resolve) => sent.on("close", () => resolve()));
  const firstByte = new Promise<void>((resolve) => {
    sent.on("response", (response) => response.on("error", () => {}).once("data", () => resolve()));
  });
  await (cue === "first byte" ? firstByte : cue);
  sent.destroy();
  await closed;
}

function post(port: number, path: Path, more: object): ClientRequest {
  const body = JSON.stringify({ ...(path === "/chat/completions" ? JSON.parse(CHAT) : BODIES[path]), ...more });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const sent = request({ host: "127.0.0.1", port, path: `/v1${path}`, method: "POST", headers, agent: false });
  sent.end(body);
  return sent;
}
