import { createClient } from "@redis/client";

export type Client = ReturnType<typeof createClient>;

export interface ConnectionOptions {
  /** `redis://` or `rediss://`, with name and password where there are any. Default: `redis://127.0.0.1:6379`. */
  readonly url?: string | undefined;
  /** Told of each time that the connection is lost, and of each attempt to get it back that fails. */
  readonly onError: (error: unknown) => void;
}

const CONNECT_MS = 2_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** A connection that comes back by itself, for as long as it is wanted. Nothing waits for it: what is asked while it is away fails at once. */
export function connect({ url, onError }: ConnectionOptions): Client {
  const client = createClient({
    ...(url !== undefined && { url }),
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(FIRST_WAIT_MS * 2 ** Math.min(retries, 10), LONGEST_WAIT_MS),
    },
  });
  client.on("error", onError);
  // It is told of as an error.
  client.connect().catch(() => {});
  return client as Client;
}
