import type { Call } from "../../../call.ts";
import { refuseUnknown } from "../../../engine/parameters.ts";
import { noSpendLimit } from "../../../errors/catalogue.ts";
import type { Reply } from "../../../http/exchange.ts";
import { subjectOf } from "../../../ledger/budget.ts";
import type { Nanodollars } from "../../../ledger/money.ts";
import { jsonReply } from "../../../pipeline/reply.ts";
import { EVERY_MONTH, fromCents, inCents } from "../spend-amount.ts";
import { askLedger, type SpendPlace, spendPlace } from "../spend-place.ts";
import { type SpendLimitUpdateRequest, spendLimitUpdateRequest } from "./spend-limit.schema.ts";
import type { SpendLimit, SpendLimitDeleted } from "./spend-limit.types.ts";

// A spend limit is a hard budget of a month in the ledger, and nothing else: there is one place where it stands.

export async function retrieveSpendLimit(call: Call): Promise<Reply> {
  const place = await spendPlace(call, { changes: false });
  const [budget] = await askLedger(call, (ledger) => ledger.budgets({ id: idOf(place) }));
  if (!budget) throw noSpendLimit(place.kind);
  return jsonReply(spendLimit(place, budget.amount));
}

export async function updateSpendLimit(call: Call<SpendLimitUpdateRequest>): Promise<Reply> {
  refuseUnknown(call.body, spendLimitUpdateRequest.shape);
  const place = await spendPlace(call, { changes: true });
  const amount = fromCents(call.body.threshold_amount);
  const limit = spendLimit(place, amount);
  await place.log({ spend_limit: limit });
  const { scope } = place;
  await askLedger(call, (ledger) =>
    ledger.setBudget({ id: idOf(place), scope, amount, period: "month", hard: true, alerts: [] }),
  );
  return jsonReply(limit);
}

export async function deleteSpendLimit(call: Call): Promise<Reply> {
  const place = await spendPlace(call, { changes: true });
  await place.log({ spend_limit: null });
  const deleted = await askLedger(call, (ledger) => ledger.deleteBudget(idOf(place)));
  const reply: SpendLimitDeleted<SpendPlace["kind"]> = { object: `${place.kind}.spend_limit.deleted`, deleted };
  return jsonReply(reply);
}

function idOf({ scope }: SpendPlace): string {
  return `spend_limit:${subjectOf(scope)}`;
}

function spendLimit({ kind }: SpendPlace, amount: Nanodollars): SpendLimit<SpendPlace["kind"]> {
  return {
    object: `${kind}.spend_limit`,
    threshold_amount: inCents(amount),
    ...EVERY_MONTH,
    enforcement: { status: "enforcing" },
  };
}
