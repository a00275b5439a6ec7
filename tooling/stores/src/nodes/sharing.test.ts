import { dollars } from "@outlet/core";
import { describe, expect, it } from "vitest";
import { serversAreThere, startCluster } from "./cluster.ts";
import { chatWith, tally } from "./load.ts";
import { sizedRun } from "./size.ts";

const REQUESTS = 500;
const REVOKED = sizedRun(100, 10);
/** So long that whatever is seen sooner was not looked for. */
const REFRESH_MS = 3_600_000;
/** Of 100 requests a minute, one comes back in this time. */
const BACK_MS = 600;

describe.runIf(serversAreThere)("two nodes", () => {
  it("let as much through together as one would, and refuse at once what one of them has revoked", async () => {
    const { start, newKey, admin, ledger, upstream } = await startCluster({ refreshMs: REFRESH_MS });
    const [one, other] = await Promise.all([start(), start()]);
    const key = await newKey(one);
    const atOnce = (model: string) =>
      Promise.all(Array.from({ length: REQUESTS }, (_, i) => chatWith(i % 2 ? one : other, key.value, model)));

    const credit = { id: "credit", scope: { apiKey: key.id }, amount: dollars(1), period: null, hard: true } as const;
    await ledger.setBudget({ ...credit, alerts: [] });
    const paid = tally(await atOnce("flat"));
    expect(paid).toEqual({ 200: 100, 429: 400 });
    expect(upstream.counted.size).toBe(100);
    // Replies do not wait for it.
    await expect
      .poll(() => ledger.budgets({ id: "credit" }), { timeout: 20_000 })
      .toMatchObject([{ spent: dollars(1), reserved: 0 }]);
    await ledger.deleteBudget("credit");
    console.info(`A credit for 100 requests: of ${REQUESTS} at once, ${paid[200]} reached the upstream.`);

    const daily = tally(await atOnce("daily"));
    expect(daily).toEqual({ 200: 100, 429: 400 });
    expect(upstream.counted.size).toBe(200);
    console.info(`100 requests a day: of ${REQUESTS} at once, ${daily[200]} reached the upstream.`);

    const began = performance.now();
    const minutely = tally(await atOnce("minutely"));
    const back = Math.ceil((performance.now() - began) / BACK_MS);
    expect(minutely[200]).toBeGreaterThanOrEqual(100);
    expect(minutely[200]).toBeLessThanOrEqual(100 + back);
    expect(upstream.counted.size).toBe(200 + (minutely[200] ?? 0));
    console.info(
      `100 requests a minute: of ${REQUESTS} at once, ${minutely[200]} reached the upstream, in a time in which ${back} come back.`,
    );

    const times: number[] = [];
    for (let i = 0; i < REVOKED; i += 1) {
      const doomed = await newKey(one);
      expect(await chatWith(other, doomed.value, "m")).toBe(200);
      await admin(one).projects.apiKeys.delete(doomed.id, { project_id: doomed.project });
      const revoked = performance.now();
      expect(await chatWith(one, doomed.value, "m")).toBe(401);
      await expect.poll(() => chatWith(other, doomed.value, "m"), { timeout: 20_000, interval: 1 }).toBe(401);
      times.push(performance.now() - revoked);
    }
    times.sort((a, b) => a - b);
    const ms = (at: number) => Math.ceil(times[Math.floor(at * (times.length - 1))] ?? 0);
    console.info(
      `${REVOKED} keys revoked on one node: the other refused them after ${ms(0.5)} ms (median), ${ms(1)} ms (longest).`,
    );
  }, 120_000);
});
