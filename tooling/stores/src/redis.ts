import { once } from "node:events";
import { connect } from "node:net";

const LOCAL = "redis://127.0.0.1:6379";

/** The Redis that tests may use; null where there is none. In CI there must be one. */
export async function findRedis(): Promise<string | null> {
  const { OUTLET_TEST_REDIS_URL: given, CI } = process.env;
  const url = given ?? LOCAL;
  if (await answers(new URL(url))) return url;
  if (given || CI === "true") throw new Error(`No Redis answers at ${url}.`);
  console.warn("No Redis at OUTLET_TEST_REDIS_URL or 127.0.0.1:6379: its tests are skipped.");
  return null;
}

/** Anything that is said to a ping, be it that it wants a password first. */
async function answers({ hostname, port }: URL): Promise<boolean> {
  const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 2_000 });
  socket.on("timeout", () => socket.destroy(new Error("Nothing was said.")));
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    await once(socket, "data");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
