import { defineModel, type Engine, type SettledCall } from "@outlet/core";
import { describe, expect, test } from "vitest";
import { OutletModule } from "./index.ts";
import { HELLO, PLATFORMS, silent, start } from "./test-support.ts";

/** An event that is waited for: `happened` resolves when `happen` is called. */
function event<T = void>() {
  let happen: (value: T) => void = () => {};
  const happened = new Promise<T>((resolve) => {
    happen = resolve;
  });
  return { happened, happen: (value: T) => happen(value) };
}

const never = (signal: AbortSignal, aborted: () => void) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      aborted();
      reject(signal.reason);
    });
  });

describe.each(PLATFORMS)("a client that leaves, on %s,", (platform) => {
  const scenario = async (model: (begun: () => void, aborted: () => void) => Engine) => {
    const begun = event();
    const aborted = event();
    const settled = event<SettledCall>();
    const { client } = await start(platform, {
      imports: [
        OutletModule.forRoot({
          models: { model: model(begun.happen, aborted.happen) },
          access: "open",
          logger: silent,
          onSettle: settled.happen,
        }),
      ],
    });
    return { begun: begun.happened, aborted: aborted.happened, settled: settled.happened, openai: client() };
  };

  test("cancels the engine while it works on a whole answer", async () => {
    const { openai, begun, aborted, settled } = await scenario((begin, abort) =>
      defineModel(({ signal }) => {
        begin();
        return never(signal, abort);
      }),
    );
    const controller = new AbortController();
    const call = openai.chat.completions.create({ ...HELLO, model: "model" }, { signal: controller.signal });
    await begun;
    controller.abort();
    await expect(call).rejects.toThrow("aborted");
    await aborted;
    expect((await settled).outcome).toBe("cancelled");
  });

  test("cancels the engine before the first token of a stream", async () => {
    const { openai, begun, aborted, settled } = await scenario((begin, abort) =>
      defineModel(async function* ({ signal }) {
        begin();
        await never(signal, abort);
        yield "never";
      }),
    );
    const controller = new AbortController();
    const call = openai.chat.completions.create(
      { ...HELLO, model: "model", stream: true },
      { signal: controller.signal },
    );
    await begun;
    controller.abort();
    await expect(call).rejects.toThrow("aborted");
    await aborted;
    expect((await settled).outcome).toBe("cancelled");
  });

  test("cancels the engine in the middle of a stream", async () => {
    const { openai, aborted, settled } = await scenario((_, abort) =>
      defineModel(async function* ({ signal }) {
        yield "some";
        await never(signal, abort);
      }),
    );
    const stream = await openai.chat.completions.create({ ...HELLO, model: "model", stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content === "some") break;
    }
    await aborted;
    expect((await settled).outcome).toBe("cancelled");
  });
});
