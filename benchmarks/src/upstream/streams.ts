import type { Socket } from "node:net";
import { sharedNow } from "../host/ipc.ts";
import { streamChunks, streamEnd, streamStart } from "./replies.ts";

const ENDLESS_MS = 500;
const chunk = streamChunks[1] as Buffer;

/** Streams that stay open until the driver says so: number → socket. */
const held = new Map<number, Socket>();
/** When the upstream saw each numbered stream stopped. */
const stopped = new Map<number, number>();
let onStopped = () => {};

export function paced(socket: Socket, everyMs: number): void {
  let next = 1;
  socket.write(streamStart);
  const timer = setInterval(() => {
    const bytes = streamChunks[next++];
    if (bytes) {
      socket.write(bytes);
      return;
    }
    clearInterval(timer);
    socket.write(streamEnd);
  }, everyMs);
  socket.once("close", () => clearInterval(timer));
}

export function brief(socket: Socket): void {
  socket.write(streamStart);
  setTimeout(() => socket.writable && socket.write(streamEnd), 10);
}

export function hold(socket: Socket, number: number, endless: boolean): void {
  socket.write(streamStart);
  held.set(number, socket);
  const timer = endless ? setInterval(() => socket.write(chunk), ENDLESS_MS) : undefined;
  socket.once("close", () => {
    clearInterval(timer);
    if (held.get(number) !== socket) return;
    held.delete(number);
    stopped.set(number, sharedNow());
    onStopped();
  });
}

/** One more chunk for every held stream. */
export function tick(): void {
  for (const socket of held.values()) socket.write(chunk);
}

export function finishAll(): void {
  for (const socket of held.values()) socket.write(streamEnd);
  held.clear();
}

/** Resolves once `count` streams were seen stopped, or with those that were after `withinMs`; then forgets them. */
export function stoppedStreams(count: number, withinMs: number): Promise<[number, number][]> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      onStopped = () => {};
      const seen = [...stopped];
      stopped.clear();
      for (const socket of held.values()) socket.destroy();
      held.clear();
      resolve(seen);
    };
    const timer = setTimeout(settle, withinMs);
    onStopped = () => stopped.size >= count && settle();
    onStopped();
  });
}
