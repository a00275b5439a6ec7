import type { Principal } from "../access/principal.ts";
import type { ModelCall } from "../call.ts";
import { keyRecord } from "../identity/new-key.ts";
import type { Plan, Platform } from "../identity/platform.ts";
import { findProject } from "../identity/projects.ts";
import type { KeyData } from "../identity/records.ts";
import { type KeyStanding, type KeyStrikes, standingOf, strikesNow, struck } from "../identity/strikes.ts";
import type { LimitPlan } from "../limits/limit-plan.ts";
import type { FlaggedCall } from "./policy.options.ts";
import { type CheckedStrikes, checkStrikes, type Strike, type StrikeOptions } from "./strikes.options.ts";

export interface Strikes {
  /** Counts a call against its key, where that is one that the platform has issued. Never rejects. */
  add(call: ModelCall, flagged: FlaggedCall): Promise<void>;
  /** What a caller's key may ask for while it is throttled; null where it is not. */
  throttleOf(principal: Principal): LimitPlan | null;
}

/** Who it was, in the audit log. */
const ACTOR: Principal = { id: "policy" };

interface KeyPlace {
  readonly organization: string;
  readonly project: string;
  readonly apiKey: string;
}

interface Counted {
  readonly strikes: number;
  readonly consequence: Strike["consequence"];
  readonly standing: KeyStanding;
}

/** Counts strikes where keys are kept, so that every process goes by them. */
export function createStrikes(options: StrikeOptions, platform: Platform): Strikes {
  const rules = checkStrikes(options);
  /** A key's strikes are counted one after the other: at once they would undo each other's writes. */
  const counting = new Map<string, Promise<unknown>>();

  function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (counting.get(key) ?? Promise.resolve()).then(work, work);
    counting.set(key, turn);
    const over = () => {
      if (counting.get(key) === turn) counting.delete(key);
    };
    turn.then(over, over);
    return turn;
  }

  return {
    throttleOf(principal) {
      return platform.keys.throttledUntil(principal) > Date.now() ? rules.throttledTo : null;
    },
    async add(call, flagged) {
      const { organization, project, apiKey } = call.principal;
      if (organization === undefined || project === undefined || apiKey === undefined) return;
      const { logger } = call.services;
      const { requestId } = flagged;
      try {
        const place = { organization, project, apiKey };
        const counted = await inTurn(apiKey, () =>
          platform.commit(organization, ACTOR, () => planStrike(platform, rules, place)),
        );
        if (!counted) return;
        const { strikes, consequence, standing } = counted;
        call.receipt.standing = standing;
        if (consequence) logger.warn({ requestId, apiKey, strikes }, `a key is ${consequence}`);
        options.onStrike?.({ ...flagged, apiKey, strikes, consequence });
      } catch (err) {
        logger.error({ requestId, apiKey, err }, "a strike was not counted, or policy.strikes.onStrike threw");
      }
    },
  };
}

const NOTHING: Plan<null> = { changes: [], events: [], result: null };

/** Null for a key that is gone, or is suspended already. */
async function planStrike(
  { store }: Platform,
  rules: CheckedStrikes,
  { organization, project, apiKey }: KeyPlace,
): Promise<Plan<Counted | null>> {
  const key = keyRecord(organization, project, apiKey);
  const record = await store.get(key);
  const former = record?.data as KeyData | undefined;
  if (!record || !former) return NOTHING;
  const now = Date.now();
  const before = standingOf(former.strikes, now);
  if (before === "suspended") return NOTHING;
  const strikes = struck(former.strikes, rules, now);
  const standing = standingOf(strikes, now);
  const consequence = standing === before || standing === "good" ? null : standing;
  const data: KeyData = { ...former, strikes };
  const counted = { strikes: strikesNow(strikes, now), consequence, standing };
  const changes = [{ replace: { ...key, version: record.version, data } }];
  const revoked = holdsElsewhere(former.strikes, strikes) ? [apiKey] : [];
  if (!consequence) return { changes, events: [], revoked, result: counted };
  const { name } = (await findProject(store, organization, project)).data;
  const details = { standing, strikes: counted.strikes };
  const event = { type: "api_key.updated", resource: apiKey, project: { id: project, name }, details } as const;
  return { changes, events: [event], revoked, result: counted };
}

/** Whether there is something that other processes must go by from now on. */
function holdsElsewhere(before: KeyStrikes | undefined, after: KeyStrikes): boolean {
  return after.suspendedAt !== null || after.throttledUntil !== (before?.throttledUntil ?? 0);
}
