import { connect, type Socket } from "node:net";

// The load's side of HTTP/1.1, no more than it takes to know when a reply has ended. A full client would cost more than
// the targets that it measures.

type OnBody = (bytes: Buffer, status: number) => void;

export interface Connection {
  /**
   * Sends a request, resolves with the status once the reply has ended. `onBody` gets the body's bytes as they come,
   * chunk framing included, and the status. One request at a time.
   */
  send(request: Buffer, onBody?: OnBody): Promise<number>;
  /** Cuts the connection, mid-reply or not. */
  destroy(): void;
}

const CHUNKED_END = "\r\n0\r\n\r\n";

/** Opens a connection; rejects as the socket does (`ECONNREFUSED`, …). */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(connection(socket));
    });
  });
}

function connection(socket: Socket): Connection {
  let done: ((status: number) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  let onBody: OnBody | undefined;
  let status = 0;
  let head: Buffer | null = null;
  /** Bytes of the body still to come; -1 where it ends with a last chunk, Infinity where it ends with the connection. */
  let left = 0;
  let tail = "";

  const finish = () => {
    const resolve = done;
    done = fail = null;
    onBody = undefined;
    resolve?.(status);
  };
  const takeBody = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    onBody?.(bytes, status);
    if (left >= 0) {
      left -= bytes.length;
      if (left <= 0) finish();
      return;
    }
    tail = (tail + bytes.toString("latin1", Math.max(0, bytes.length - CHUNKED_END.length))).slice(-CHUNKED_END.length);
    if (tail === CHUNKED_END) finish();
  };

  socket.on("data", (bytes: Buffer) => {
    if (status !== 0) return takeBody(bytes);
    const seen = head ? Buffer.concat([head, bytes]) : bytes;
    const end = seen.indexOf("\r\n\r\n");
    if (end < 0) {
      head = seen;
      return;
    }
    head = null;
    const text = seen.toString("latin1", 0, end + 2);
    status = Number(text.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    left =
      length === undefined ? (/\r\ntransfer-encoding: *chunked/i.test(text) ? -1 : Number.POSITIVE_INFINITY) : +length;
    tail = "\r\n";
    if (left === 0) finish();
    else takeBody(seen.subarray(end + 4));
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (status !== 0 && left === Number.POSITIVE_INFINITY) finish();
    else fail?.(new Error("the connection was closed before the reply had ended"));
  });

  return {
    send(request, listener) {
      status = 0;
      onBody = listener;
      return new Promise((resolve, reject) => {
        done = resolve;
        fail = reject;
        if (socket.destroyed) reject(new Error("the connection is closed"));
        else socket.write(request);
      });
    },
    destroy() {
      done = fail = null;
      onBody = undefined;
      socket.resetAndDestroy();
    },
  };
}
