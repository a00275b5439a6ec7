import type { OutputRule } from "../policy/output-rule.ts";
import type { Screen } from "./ask-chat.ts";
import { shownIn } from "./chat-pieces.ts";

/** Holds what a chat says against the host's rule. */
export function policyScreen({ guard, end }: OutputRule): Screen {
  if (guard) return { guards: [guard] };
  const said: string[] = [];
  return {
    guards: [],
    add(batch) {
      for (const piece of batch) said[piece.index] = (said[piece.index] ?? "") + shownIn(piece);
    },
    async end() {
      await end(said);
      return undefined;
    },
  };
}

/** Looks at an answer with both, the first one first. */
export function bothScreens(first: Screen | undefined, second: Screen | undefined): Screen | undefined {
  if (!first || !second) return first ?? second;
  return {
    guards: [...first.guards, ...second.guards],
    add(batch) {
      first.add?.(batch);
      second.add?.(batch);
    },
    async end() {
      const word = await first.end?.();
      return (await second.end?.()) ?? word;
    },
  };
}
