import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const EVENTS = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };

/** What an upstream may make of a request: each repeats it, where somebody might log it. */
const WAYS: readonly ((said: string) => readonly [number, Record<string, string>, string])[] = [
  (said) => [
    500,
    JSON_TYPE,
    JSON.stringify({ error: { message: `failed: ${said}`, type: "server_error", code: null } }),
  ],
  (said) => [503, JSON_TYPE, JSON.stringify({ error: `overloaded by ${said}` })],
  (said) => [400, JSON_TYPE, JSON.stringify({ error: { message: `refused: ${said}`, type: "invalid_request_error" } })],
  (said) => [401, JSON_TYPE, JSON.stringify({ error: { message: `wrong key: ${said}` } })],
  (said) => [502, { "content-type": "text/html" }, `<p>${said}</p>`],
  (said) => [200, JSON_TYPE, `{"broken": "${beginning(said)}`],
  (said) => [200, JSON_TYPE, JSON.stringify({ error: { message: said } })],
  (said) => [200, EVENTS, `data: {"choices":[],"usage":{"a": ${beginning(said)}\n\n`],
  (said) => [
    200,
    EVENTS,
    `data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(said)}}}]}\n\ndata: {"error":{"message":${JSON.stringify(said)}}}\n\n`,
  ],
  (said) => [200, EVENTS, `data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(said)}}}]}\n\n`],
];

/** The first of what people have said in it: what a parser would show of it. */
function beginning(said: string): string {
  return said.slice(Math.max(0, said.indexOf("canary"))).slice(0, 40);
}

/** An upstream that answers each request in another way, and keeps what headers it got. */
export async function echoingUpstream() {
  const headers: NodeJS.Dict<string | string[]>[] = [];
  let asked = 0;
  const server = createServer(async (req, res) => {
    headers.push(req.headers);
    const said = await text(req);
    const [status, replyHeaders, body] = (WAYS[asked++ % WAYS.length] as (typeof WAYS)[number])(said || `${req.url}`);
    res.writeHead(status, replyHeaders).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    headers,
    ways: WAYS.length,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
