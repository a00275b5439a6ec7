import { defineModel, type Store, type Strike, type StrikeOptions } from "@outlet/core";
import { expect, it, onTestFinished } from "vitest";
import { openStore } from "./databases.ts";
import { onEveryDatabase } from "./every-database.ts";
import { newKey, REFRESH_MS, servePlatform } from "./platform-server.ts";

const models = {
  greeter: defineModel(() => "Hello!"),
  "omni-moderation-latest": defineModel({
    moderate: ({ input }) => input.map((parts) => ({ violence: JSON.stringify(parts).includes("bad") ? 1 : 0 })),
  }),
};

/** One of the processes that judge what comes in and count it against keys. */
function serve(store: Store, rules: StrikeOptions, onStrike: (strike: Strike) => void = () => {}) {
  const strikes = { countedMs: 3_600_000, ...rules, onStrike };
  const server = servePlatform(store, { models, policy: { input: "block", strikes } });
  /** How it says that a key stands after it was flagged. */
  const strike = async (key: string): Promise<string | null> => {
    const refused = await server.chat(key, "bad").then(
      () => null,
      (error) => error,
    );
    expect(refused).toMatchObject({ status: 400, code: "moderation_blocked" });
    return refused.headers.get("outlet-standing");
  };
  return { ...server, strike };
}

onEveryDatabase((create) => {
  async function twoOn(rules: StrikeOptions, onStrike?: (strike: Strike) => void) {
    const database = await create();
    onTestFinished(() => database.drop());
    const open = async () => serve(await openStore(database.place), rules, onStrike);
    return { one: await open(), other: await open(), open };
  }

  it("counts together what two processes have flagged, suspends in both within `refreshMs`, and lifts it in both", async () => {
    const { one, other, open } = await twoOn({ warnAt: 1, throttleAt: 2, suspendAt: 3 });
    const key = await newKey(one);
    const path = `/organization/projects/${key.project_id}/api_keys/${key.id}/strikes`;
    await one.chat(key.value);
    await other.chat(key.value);

    expect(await one.strike(key.value)).toBe("warned");
    expect(await other.strike(key.value)).toBe("throttled");
    expect(await one.strike(key.value)).toBe("suspended");
    const suspendedAt = performance.now();
    expect(await one.status(key.value)).toBe(401);
    await expect.poll(() => other.status(key.value), { interval: 5 }).toBe(401);
    // What is beyond the interval is the machine's.
    expect(performance.now() - suspendedAt).toBeLessThan(REFRESH_MS + 5_000);

    // It is kept with the key: a process that is started now goes by it, too.
    const third = await open();
    expect(await third.status(key.value)).toBe(401);
    expect(await third.admin("GET", path)).toMatchObject({ standing: "suspended", strikes: 3 });
    expect(await third.admin("DELETE", path)).toMatchObject({ deleted: true });
    expect(await third.status(key.value)).toBe(200);
    for (const process of [one, other]) {
      await expect.poll(() => process.status(key.value), { interval: 5 }).toBe(200);
    }
    expect(await other.admin("GET", path)).toMatchObject({ standing: "good", strikes: 0 });
    const { data } = await other.organization.auditLogs.list({
      event_types: ["api_key.updated"],
      resource_ids: [key.id],
    });
    expect(data.map((log) => log["api_key.updated"])).toMatchObject([
      { standing: "good" },
      { standing: "suspended" },
      { standing: "throttled" },
      { standing: "warned" },
    ]);
  });

  it("counts every one of many calls that two processes flag at once, and suspends at the last", async () => {
    const counted: Strike[] = [];
    const { one, other } = await twoOn({ suspendAt: 20 }, (strike) => counted.push(strike));
    const key = await newKey(one);
    await Promise.all([one, other].map((process) => process.chat(key.value)));
    const refusals = [one, other].flatMap((process) =>
      Array.from({ length: 15 }, () =>
        process.chat(key.value, "bad").then(
          () => 200,
          (error) => error.status,
        ),
      ),
    );
    expect(new Set(await Promise.all(refusals)), "what is flagged went through").not.toContain(200);
    expect(counted.map(({ strikes }) => strikes).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(counted.filter(({ consequence }) => consequence === "suspended")).toHaveLength(1);
    expect(await one.admin("GET", `/organization/projects/${key.project_id}/api_keys/${key.id}/strikes`)).toMatchObject(
      {
        standing: "suspended",
        strikes: 20,
      },
    );
  });
});
