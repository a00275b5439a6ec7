import { randomUUID } from "node:crypto";
import type { PlatformNews } from "@outlet/core";
import { connect } from "./connection.ts";
import { within } from "./within.ts";

export interface RedisNewsOptions {
  /** `redis://` or `rediss://`, with name and password where there are any. Default: `redis://127.0.0.1:6379`. */
  url?: string;
  /** Outlets that share a Redis and no database want a channel each. Default: `outlet:news`. */
  channel?: string;
  /** How long it waits for Redis to pass an announcement on, in milliseconds. Default: 1,000. */
  deadlineMs?: number;
  /** Told when Redis has gone, and when it is there again. Default: `console.warn`. */
  onChange?: (state: "away" | "back", error?: unknown) => void;
}

const DEADLINE_MS = 1_000;

/**
 * Tells all processes on one database at once that keys or projects have changed, over a channel of a Redis (6 or newer, or what speaks its
 * protocol): `platform: { news: redisNews() }`. Nothing of what has changed is told there. While Redis is away, processes see changes within
 * `refreshMs`, as they would without it; when it is back, each looks once for what it has missed.
 */
export function redisNews(options: RedisNewsOptions = {}): PlatformNews {
  const { url, channel = "outlet:news", deadlineMs = DEADLINE_MS, onChange = warn } = options;
  const self = randomUUID();
  let away = false;
  let hear = () => {};

  const client = connect({ url, onError: (error) => changed(true, error) });
  client.on("ready", () => {
    // Again after each time that it was away: what is heard already is not heard twice.
    client.subscribe(channel, heard).then(
      () => {
        changed(false);
        hear();
      },
      (error) => changed(true, error),
    );
  });

  function heard(sender: string): void {
    if (sender !== self) hear();
  }

  function changed(to: boolean, error?: unknown): void {
    if (away === to) return;
    away = to;
    try {
      onChange(to ? "away" : "back", error);
    } catch {
      // Nobody's change has to do with it.
    }
  }

  return {
    async announce() {
      await within(deadlineMs, client.publish(channel, self));
    },
    listen(listener) {
      hear = listener;
    },
    async close() {
      client.destroy();
    },
  };
}

function warn(state: "away" | "back", error?: unknown): void {
  console.warn(
    state === "away" ? "Redis is away: other processes hear of changes within refreshMs." : "Redis is back.",
    error ?? "",
  );
}
