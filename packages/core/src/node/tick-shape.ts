// Node and its modules as far as they are used here, typed by shape: core imports none of them, so that it loads anywhere.

interface Runtime {
  readonly navigator?: { readonly userAgent?: string };
  readonly process?: NodeProcess;
}

interface NodeProcess {
  nextTick(callback: () => void): void;
  getBuiltinModule?(id: string): unknown;
}

interface AsyncHooks {
  executionAsyncResource(): object;
}

let tick: object | null = null;

/**
 * Keeps one of the objects that Node makes for each `process.nextTick`, of which an HTTP request takes half a dozen. V8 forgets the shape of
 * objects when a full collection finds none of them alive, and a literal whose keys are computed, as theirs are, is then never
 * compiled well again: each tick costs several times as much until the process ends. Does nothing where the runtime is not Node, and
 * once is enough. What it saves: docs/decisions/0013-one-tick-is-kept.md
 */
export function keepTickShape(): void {
  const { navigator, process } = globalThis as Runtime;
  if (tick || !process?.getBuiltinModule || !navigator?.userAgent?.startsWith("Node.js/")) return;
  const hooks = process.getBuiltinModule("node:async_hooks") as AsyncHooks | undefined;
  if (!hooks) return;
  process.nextTick(() => {
    tick = hooks.executionAsyncResource();
  });
}
