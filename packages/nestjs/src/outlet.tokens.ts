import { Inject } from "@nestjs/common";

/** Injection token of the `Outlet`. */
export const OUTLET: unique symbol = Symbol("OUTLET");

/** Injection token of the official client, working in process. Resolved where it is injected: `await app.resolve(OPENAI)`. */
export const OPENAI: unique symbol = Symbol("OPENAI");

/** Injects the mounted `Outlet`. */
export function InjectOutlet(): PropertyDecorator & ParameterDecorator {
  return Inject(OUTLET);
}

/**
 * Injects the official `OpenAI` client, wired to the mounted outlet: no socket, no key to configure.
 * Needs the `openai` package; without it the application does not start.
 */
export function InjectOpenAI(): PropertyDecorator & ParameterDecorator {
  return Inject(OPENAI);
}
