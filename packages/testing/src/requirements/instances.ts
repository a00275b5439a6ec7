import assert from "node:assert/strict";
import { CHAT, chatBody, RESPONSES, responseBody } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import type { Received } from "../kit/http-client.ts";
import { INSTANCE } from "../kit/instance.ts";
import { KEYS, MODELS } from "../kit/models.ts";
import { defaultScript } from "../kit/script.ts";
import { gate, within } from "../kit/within.ts";
import { PAGES, type Requirement, type RequirementContext } from "../requirement.ts";

const model = MODELS.stable;

interface Answer {
  model: string;
  service_tier?: string;
}

const chatOf = ({ http }: Pick<RequirementContext, "http">, more: object = {}, key: string = KEYS.reserved) =>
  http.send({ path: CHAT, body: chatBody({ model, ...more }), key });

/** Who has answered: the snapshot, by reply and header, the tier that was used, and the instance. */
function answeredBy({ status, headers, text, json }: Received) {
  assert.equal(status, 200, text);
  const { model: snapshot, service_tier: tier } = json() as Answer;
  assert.equal(headers["openai-model"], snapshot);
  return { snapshot, tier, instance: headers["outlet-instance"] };
}

const RESERVED = { snapshot: INSTANCE.snapshot, tier: "scale", instance: INSTANCE.name };
const SHARED = { snapshot: MODELS.snapshot, tier: "default", instance: undefined };

/** Has the instance's only place taken while the work is done. */
async function whileFull(context: RequirementContext, work: () => Promise<void>): Promise<void> {
  const held = gate();
  context.engines.play({
    async engineChat(request, from) {
      if (request.model === INSTANCE.snapshot) await held.opened;
      return defaultScript.engineChat(request, from);
    },
  });
  const seated = context.engines.nextCall();
  const first = chatOf(context);
  try {
    await within("the call that takes the place", seated);
    await work();
  } finally {
    held.open();
    assert.equal((await first).status, 200);
  }
}

/** Outlet's own: the reference has the tiers, and leaves what is reserved to contracts. */
export const instancesRequirements: readonly Requirement[] = [
  {
    id: "instances.answers",
    title:
      "A project's calls are answered by what it has reserved, which `outlet-instance` names, with its pinned snapshot; all others' are not.",
    reference: PAGES.chat,
    operations: ["createChatCompletion", "createResponse"],
    async run(context) {
      const { http, engines } = context;
      assert.deepEqual(answeredBy(await chatOf(context, { service_tier: "auto" })), RESERVED);
      assert.deepEqual(
        answeredBy(await http.send({ path: RESPONSES, body: responseBody({ model }), key: KEYS.reserved })),
        RESERVED,
      );
      const streamed = await chatOf(context, { stream: true, service_tier: "auto" });
      assert.equal(streamed.headers["outlet-instance"], INSTANCE.name);
      const data = streamed.text.split("\n").filter((line) => line.startsWith("data: {"));
      assert.ok(data.length > 1, streamed.text);
      for (const line of data) {
        const chunk = JSON.parse(line.slice("data: ".length)) as Answer;
        assert.deepEqual([chunk.model, chunk.service_tier], [INSTANCE.snapshot, "scale"]);
      }
      for (const { request } of engines.calls) {
        assert.deepEqual([request.model, "service_tier" in request], [INSTANCE.snapshot, false]);
      }
      const others = await chatOf(context, { service_tier: "default" }, KEYS.policed);
      assert.deepEqual(
        [(others.json() as Answer).model, others.headers["outlet-instance"]],
        [MODELS.snapshot, undefined],
      );
    },
  },
  {
    id: "instances.tiers",
    title:
      "`service_tier` says who waits for what is reserved: `default` never does, `auto` and `priority` are answered by what all share at the deadline.",
    reference: PAGES.priority,
    operations: ["createChatCompletion"],
    async run(context) {
      for (const tier of ["auto", "priority", "scale", "flex"]) {
        assert.deepEqual(answeredBy(await chatOf(context, { service_tier: tier })), RESERVED, tier);
      }
      const never = await chatOf(context, { service_tier: "default" });
      assert.equal(never.headers["outlet-instance"], undefined);
      await whileFull(context, async () => {
        const tiers = ["auto", "priority", "default"];
        const replies = await Promise.all(tiers.map((tier) => chatOf(context, { service_tier: tier })));
        for (const reply of replies) assert.deepEqual(answeredBy(reply), SHARED);
      });
    },
  },
  {
    id: "instances.full",
    title:
      "Calls that ask for nothing but what is reserved are a 429 `resource_unavailable` with `retry-after` when it has no room in time.",
    reference: PAGES.flex,
    operations: ["createChatCompletion"],
    async run(context) {
      await whileFull(context, async () => {
        const { length: asked } = context.engines.calls;
        const refusals = await Promise.all(
          ["scale", "flex"].flatMap((tier) =>
            [false, true].map((stream) => chatOf(context, { service_tier: tier, stream })),
          ),
        );
        for (const refused of refusals) {
          assertError(refused, { status: 429, type: "requests", code: "resource_unavailable" });
          assert.deepEqual([refused.headers["retry-after"], refused.headers["outlet-instance"]], ["1", undefined]);
        }
        assert.equal(context.engines.calls.length, asked, "an engine was asked");
      });
      assert.deepEqual(answeredBy(await chatOf(context, { service_tier: "flex" })), RESERVED);
    },
  },
  {
    id: "instances.settle",
    title:
      "What a reserved instance has answered is settled under its name, with what was consumed, and costs nothing.",
    reference: PAGES.chatObject,
    operations: ["createChatCompletion"],
    async run(context) {
      const own = await context.settled.of((await chatOf(context)).headers["x-request-id"]);
      assert.deepEqual([own.instance, own.snapshot, own.cost], [INSTANCE.name, INSTANCE.snapshot, 0]);
      assert.equal(own.usage?.output_tokens, 5);
      const others = await chatOf(context, { service_tier: "default" });
      const shared = await context.settled.of(others.headers["x-request-id"]);
      assert.equal(shared.instance, null);
      assert.ok(Number(shared.cost) > 0, "what all share costs nothing");
    },
  },
];
