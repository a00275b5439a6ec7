import type { ChildProcess } from "node:child_process";

/** What a process tells of itself: CPU time used so far in microseconds, memory in bytes. */
export interface Vitals {
  cpuMicros: number;
  rss: number;
}

let last = 0;

/** Asks a child process and waits for its answer. Rejects when the child ends first. */
export function ask<Answer>(child: ChildProcess, question: Record<string, unknown>): Promise<Answer> {
  const id = ++last;
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown) => {
      const { id: of, answer } = message as { id?: number; answer: Answer };
      if (of !== id) return;
      settle();
      resolve(answer);
    };
    const onExit = () => {
      settle();
      reject(new Error("the process ended before it answered"));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.send({ id, ...question }, (error) => error && onExit());
  });
}

/** The child's side: answers every question of the parent's, and ends with it. */
export function answerParent(answer: (question: Record<string, unknown>) => unknown): void {
  process.on("message", async (message) => {
    const question = message as Record<string, unknown>;
    process.send?.({ id: question.id, answer: await answer(question) });
  });
  process.on("disconnect", () => process.exit());
}

/** Milliseconds on a clock that all processes of the machine share. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;
