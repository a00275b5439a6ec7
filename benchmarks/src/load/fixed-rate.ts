import { expectOk, openMany } from "./closed-loop.ts";
import type { Connection } from "./connection.ts";
import { openConnection } from "./connection.ts";

export interface FixedRate {
  port: number;
  request: Buffer;
  perSecond: number;
  seconds: number;
  /** Which moment counts: the first byte of the body, or the reply's end. */
  until: "first-byte" | "end";
}

/** Sends at a fixed rate, whether or not earlier requests were answered; resolves with each one's time in milliseconds. */
export async function fixedRate({ port, request, perSecond, seconds, until }: FixedRate): Promise<number[]> {
  const count = Math.round(perSecond * seconds);
  const idle = await openMany(port, 16);
  const times: number[] = [];
  const sent: Promise<void>[] = [];

  const one = async () => {
    const connection: Connection = idle.pop() ?? (await openConnection(port));
    const began = performance.now();
    let first = 0;
    const status = await connection.send(request, () => {
      first ||= performance.now();
    });
    times.push((until === "end" ? performance.now() : first) - began);
    idle.push(connection);
    expectOk(status);
  };

  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
      while (sent.length < due) sent.push(one());
      if (sent.length === count) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  try {
    await Promise.all(sent);
  } finally {
    for (const connection of idle) connection.destroy();
  }
  return times;
}
