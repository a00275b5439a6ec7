import type { Principal } from "../../../access/principal.ts";
import type { Call } from "../../../call.ts";
import { unavailable } from "../../../errors/catalogue.ts";
import { refuseTooMany } from "../../../jobs/admit.ts";
import { enqueueJob } from "../../../jobs/job-record.ts";
import { ownerOf } from "../../../store/owner.ts";
import type { RecordKey } from "../../../store/store.ts";
import type { Draft } from "../responses.draft.ts";
import type { ResponseEvent } from "../responses.events.ts";
import { responseWith } from "../responses.object.ts";
import { RESPONSE_JOB, responseKey } from "../responses.state.ts";
import { appendBatch, LOG_START } from "./event-batches.ts";
import { type BackgroundPayload, pendingOf } from "./pending.ts";

/**
 * Keeps the response, and the job that will make it: both or neither.
 * @returns where the response is kept
 * @throws ApiError 429 when its owner has too many that are not over
 */
export async function enqueueResponse(
  { principal, context, services, receipt }: Call,
  draft: Draft,
): Promise<RecordKey> {
  const { response } = draft;
  response.status = "queued";
  const { heldTokens } = receipt;
  const payload: BackgroundPayload = { principal: lasting(principal), requestId: context.requestId, heldTokens };
  const key = responseKey(ownerOf(principal), response.id);
  await refuseTooMany(services.store, RESPONSE_JOB, key.owner, services.maxPending);
  const data = pendingOf(draft, services.retention.secondsFor(principal));
  const written = await services.store.write([
    { insert: { ...key, createdAt: response.created_at, data } },
    ...(draft.request.stream ? [appendBatch(key, LOG_START, opening(draft))] : []),
    enqueueJob(RESPONSE_JOB, { owner: key.owner, id: key.id, payload }),
  ]);
  if (!written) throw unavailable("The response could not be stored. Try again.");
  return key;
}

const LASTING = ["id", "organization", "project", "apiKey", "user", "serviceAccount"] as const;

/** The principal without what else a host has put there: it may be large, or secret. */
function lasting(principal: Principal): Principal {
  const known = LASTING.flatMap((name) => (principal[name] === undefined ? [] : [[name, principal[name]]]));
  return Object.fromEntries(known) as Principal;
}

function opening({ response, request }: Draft): ResponseEvent[] {
  const queued = responseWith(response, request.include);
  return [
    { type: "response.created", response: queued },
    { type: "response.queued", response: queued },
  ];
}
