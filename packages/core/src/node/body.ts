import { bodyTooLarge, requestAborted } from "../errors/catalogue.ts";
import type { RequestBody } from "../http/exchange.ts";
import type { NodeRequest } from "./types.ts";

/**
 * A request body that a parser of the host's may have taken already. `readableDidRead` tells: `req.body` alone does not,
 * since Express 4 sets it to `{}` on bodies that it never read.
 */
export function nodeBody(req: NodeRequest): RequestBody {
  return {
    get parsed() {
      return req.readableDidRead ? (req.body ?? {}) : undefined;
    },
    bytes: (limit) => readBytes(req, limit),
    stream: () => req,
  };
}

function readBytes(req: NodeRequest, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers["content-length"]) > limit) {
      reject(bodyTooLarge(limit));
      return;
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    const stop = () => {
      req.off("data", onData);
      req.off("end", onEnd);
      req.off("close", onClose);
    };
    const onData = (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > limit) {
        stop();
        req.resume();
        reject(bodyTooLarge(limit));
      } else chunks.push(chunk);
    };
    const onEnd = () => {
      stop();
      resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : concat(chunks, size));
    };
    // An error is always followed by close; a body that closes without its end was cut off.
    const onClose = () => {
      stop();
      reject(requestAborted());
    };
    req.on("error", () => {});
    req.on("data", onData);
    req.on("end", onEnd);
    req.on("close", onClose);
  });
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
