import type { Call } from "../call.ts";
import { isSealed } from "../sealing/sealer.ts";
import { ownerOf } from "../store/owner.ts";
import type { Includable } from "./include.ts";
import type { Item, ItemOf } from "./item.types.ts";

type Caller = Pick<Call, "principal" | "services">;
type Thoughts = Pick<ItemOf<"reasoning">, "content" | "encrypted_content">;

export function asksForThoughts(include: readonly Includable[] | null | undefined): boolean {
  return include?.includes("reasoning.encrypted_content") === true;
}

/** The thoughts of an item that shows them, sealed for whoever it is shown to; `undefined` where there is nothing to seal. */
export async function sealedThoughts(
  { services, principal }: Caller,
  item: { readonly type: string } & Partial<Thoughts>,
): Promise<string | undefined> {
  if (item.type !== "reasoning" || item.encrypted_content) return item.encrypted_content;
  const thought = (item.content ?? []).map(({ text }) => text).join("");
  if (thought === "") return undefined;
  return services.sealer.seal(thought, { purpose: "reasoning", owner: ownerOf(principal) });
}

/** The items, each with its thoughts sealed, where that is asked for. */
export async function withSealedThoughts<T extends { readonly type: string }>(
  caller: Caller,
  items: readonly T[],
  include: readonly Includable[] | null | undefined,
): Promise<readonly T[]> {
  if (!asksForThoughts(include)) return items;
  return Promise.all(
    items.map(async (item) => {
      const encrypted_content = await sealedThoughts(caller, item);
      return encrypted_content === undefined ? item : { ...item, encrypted_content };
    }),
  );
}

/**
 * A reasoning item with its thoughts to be read; one that is not sealed as it is.
 * @throws ApiError 400 `invalid_encrypted_content`
 */
export async function openThoughts({ services, principal }: Caller, item: ItemOf<"reasoning">): Promise<Item> {
  const { encrypted_content: sealed, ...shown } = item;
  if (!sealed || !isSealed(sealed)) return item;
  const text = await services.sealer.open(sealed, { purpose: "reasoning", owner: ownerOf(principal) });
  return { ...shown, content: [{ type: "reasoning_text", text }] };
}
