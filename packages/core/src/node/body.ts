import { bodyTooLarge, requestAborted, serverError } from "../errors/catalogue.ts";
import { concatBytes } from "../http/bytes.ts";
import type { RequestBody } from "../http/exchange.ts";
import type { NodeRequest } from "./types.ts";

const encoder = new TextEncoder();

export function nodeBody(req: NodeRequest, frameworkBody?: unknown): RequestBody {
  return new NodeBody(req, frameworkBody);
}

/**
 * A request body that a parser of the host's may have taken already. The stream's own state tells: `req.body` alone does
 * not, since Express 4 sets it to `{}` on bodies that it never read. A class for the reason that `NodeExchange` is one.
 */
class NodeBody implements RequestBody {
  private readonly req: NodeRequest;
  private readonly frameworkBody: unknown;

  constructor(req: NodeRequest, frameworkBody: unknown) {
    this.req = req;
    this.frameworkBody = frameworkBody;
  }

  get taken(): boolean {
    return this.req.readableDidRead || this.req.readableEnded;
  }

  get parsed(): unknown {
    const left = this.left();
    return typeof left === "string" || left instanceof Uint8Array ? undefined : left;
  }

  bytes(limit: number): Promise<Uint8Array> {
    const left = this.left();
    const bytes = typeof left === "string" ? encoder.encode(left) : left;
    if (!(bytes instanceof Uint8Array)) return readBytes(this.req, limit);
    return bytes.length > limit ? Promise.reject(bodyTooLarge(limit)) : Promise.resolve(bytes);
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.req;
  }

  /** What the parser in front left. */
  private left(): unknown {
    if (!this.taken) return undefined;
    return this.frameworkBody === undefined ? this.req.body : this.frameworkBody;
  }
}

function readBytes(req: NodeRequest, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(req.headers["content-length"]) > limit) {
      reject(bodyTooLarge(limit));
      return;
    }
    if (req.readableEnded && !announcesBody(req)) {
      resolve(new Uint8Array(0));
      return;
    }
    if (req.readableEnded) {
      reject(serverError(new Error("other middleware consumed the request body and left nothing in req.body")));
      return;
    }
    if (req.destroyed) {
      reject(requestAborted());
      return;
    }
    let chunks: Uint8Array[] = [];
    let size = 0;
    // The listeners stay: to take four off a request that has said its last costs more than all that they do.
    let over = false;
    const onData = (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > limit) {
        over = true;
        req.off("data", onData);
        req.resume();
        reject(bodyTooLarge(limit));
      } else chunks.push(chunk);
    };
    const onEnd = () => {
      if (over) return;
      over = true;
      resolve(concatBytes(chunks));
      chunks = [];
    };
    // An error is always followed by close; a body that closes without its end was cut off.
    const onClose = () => {
      if (!over) reject(requestAborted());
    };
    req.on("error", ignore);
    req.on("data", onData);
    req.on("end", onEnd);
    req.on("close", onClose);
  });
}

function announcesBody({ headers }: NodeRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function ignore(): void {}
