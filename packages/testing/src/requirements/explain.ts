import assert from "node:assert/strict";
import { CHAT, chatBody } from "../kit/ask.ts";
import { MODELS } from "../kit/models.ts";
import { DONE, sse, upstreamChunk, upstreamStream } from "../kit/upstream.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const HEADER = "outlet-explain";
const operations = ["createChatCompletion"];

/** A dictionary of lists of strings, and one number, as RFC 9651 has them. */
function explained(header: string | undefined): Record<string, readonly string[] | number> {
  assert.match(header ?? "", /^(\w+=(\((".*?"( ".*?")*)?\)|\d+)(, |$))+$/);
  const members = (header ?? "").split(", ").map((member) => {
    const [name = "", value = ""] = member.split(/=(.*)/);
    return [name, value.startsWith("(") ? [...value.matchAll(/"(.*?)"/g)].map(([, one]) => one) : Number(value)];
  });
  return Object.fromEntries(members);
}

/** Outlet's own: the reference has no such header. */
export const explainRequirements: readonly Requirement[] = [
  {
    id: "explain.header",
    title:
      "Where the host lets replies tell it, `outlet-explain` names a request's parameters: those received, sent, made up for and dropped.",
    reference: PAGES.headers,
    operations,
    setting: "strict",
    async run({ http }) {
      for (const stream of [false, true]) {
        const { status, headers, text } = await http.send({
          path: CHAT,
          body: chatBody({ stop: "kit-secret", n: 2, stream }),
        });
        assert.equal(status, 200, text);
        assert.deepEqual(explained(headers[HEADER]), {
          received: ["model", "messages", "stop", "n", "stream"],
          sent: ["model", "messages", "stream"],
          // That of a stream is made up for when its head is out.
          emulated: stream ? ["stop"] : ["stop", "usage"],
          dropped: ["n"],
          unknown: 0,
        });
        assert.ok(!String(headers[HEADER]).includes("kit-secret"), "the header has a value");
      }
      const listed = await http.send({ path: "/models" });
      assert.deepEqual([listed.status, listed.headers[HEADER]], [200, undefined]);
      const malformed = await http.send({ path: CHAT, body: "{" });
      assert.deepEqual([malformed.status, malformed.headers[HEADER]], [400, undefined]);
    },
  },
  {
    id: "explain.unknown",
    title:
      "What the reference does not know of a request is counted in `outlet-explain`: its names are the client's own words.",
    reference: PAGES.headers,
    operations,
    setting: "strict",
    async run({ http, engines }) {
      engines.play({ upstream: async () => upstreamStream([sse(upstreamChunk("Hi")), DONE]) });
      const body = chatBody({ model: MODELS.upstream, stream: true, "x\r\nkit-secret: 1": 1, x_vendor: 2 });
      const { status, headers, text } = await http.send({ path: CHAT, body });
      assert.equal(status, 200, text);
      const { received, unknown } = explained(headers[HEADER]);
      assert.deepEqual([received, unknown], [["model", "messages", "stream"], 2]);
      assert.ok(!/kit-secret|x_vendor/.test(JSON.stringify(headers)), "a header has a client's own word");
    },
  },
  {
    id: "explain.unasked",
    title: "Where the host does not ask for it, no reply and no settled record explains a request.",
    reference: PAGES.headers,
    operations,
    async run({ http, settled }) {
      for (const stream of [false, true]) {
        const { status, headers } = await http.send({ path: CHAT, body: chatBody({ stop: "x", stream }) });
        assert.deepEqual([status, headers[HEADER]], [200, undefined]);
        assert.equal((await settled.of(headers["x-request-id"])).explanation, null);
      }
    },
  },
];
