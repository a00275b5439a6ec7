import type { ModelCall, Services } from "../../../call.ts";
import { ApiError } from "../../../errors/api-error.ts";
import { streamCutShort } from "../../../errors/catalogue.ts";
import { tierOf, usedTier } from "../../../instances/tier.ts";
import type { Job, JobEnding, JobKind } from "../../../jobs/job.ts";
import { resolveModel } from "../../../models/resolve-model.ts";
import { startExplaining } from "../../../observe/explanation.ts";
import type { Observation } from "../../../observe/observer.ts";
import { settledCall, type Tell } from "../../../pipeline/settle.ts";
import { newReceipt } from "../../../receipt.ts";
import type { RecordKey } from "../../../store/store.ts";
import { updateRecord } from "../../../store/update.ts";
import { answer } from "../responses.answer.ts";
import { responseRequest } from "../responses.schema.ts";
import { responseKey, type StoredResponse } from "../responses.state.ts";
import { withThoughtsSealed } from "../responses.thoughts.ts";
import { accountFor, statusOf } from "./account.ts";
import { endingOf, failing } from "./ending.ts";
import { type EventLog, openEventLog } from "./event-log.ts";
import { type BackgroundPayload, draftAgain, isPending } from "./pending.ts";

export interface BackgroundOptions {
  /** What is told of the work is told of this operation. */
  readonly operation: ModelCall["operation"];
  readonly services: Services;
  readonly tell: Tell;
}

/** Makes the responses that nobody waits for. */
export function backgroundResponses({ operation, services, tell }: BackgroundOptions): JobKind {
  const { store } = services;
  return {
    async run(job) {
      const key = responseKey(job.owner, job.id);
      const stored = await begin(services, key);
      if (!stored || !isPending(stored)) return () => [];
      const log = stored.streamed ? await openEventLog(store, key, job) : null;
      // Clients have seen a part of what a former attempt made. Another one would tell them something else.
      if (log?.isBegun()) return () => failing(store, key, streamCutShort());
      const call = await callOf(job, operation, services);
      const { requestId } = job.payload as BackgroundPayload;
      const arrival = performance.now();
      const accounted = accountFor(call, job);
      const observation = observe(call, stored, { requestId, arrival });
      const work = () => make(call, stored, key, { log, accounted });
      try {
        return await (observation?.run ? observation.run(work) : work());
      } catch (error) {
        call.receipt.error = error ?? new TypeError(`${error} was thrown`);
        if (!log?.isBegun() || job.signal.aborted) throw error;
        return () => failing(store, key, error);
      } finally {
        call.seat?.leave(call.receipt);
        accounted.settle();
        // What a model consumed is told whatever becomes of the job.
        const ended = { ...call, requestId, arrival, observation, cancellation: call.context.signal };
        const status = statusOf(call.receipt, call.context.signal);
        if (call.receipt.usage) tell(ended, status);
        else observation?.end(settledCall(ended, status));
      }
    },
    failed: ({ owner, id }, reason) => failing(store, responseKey(owner, id), reason),
    retries: isTemporary,
  };
}

async function make(
  call: ModelCall,
  stored: Parameters<typeof draftAgain>[1],
  key: RecordKey,
  { log, accounted }: { log: EventLog | null; accounted: ReturnType<typeof accountFor> },
): Promise<JobEnding> {
  const { principal, context, services } = call;
  const { request } = stored;
  const entering = {
    principal,
    model: request.model,
    tier: tierOf(request),
    cancellation: context.signal,
    patient: true,
  };
  call.seat = (await services.instances?.enter(entering)) ?? null;
  const target = resolveModel(call, request.model);
  const draft = await draftAgain(call, stored);
  draft.response.service_tier = usedTier(call.receipt);
  await accounted.admit(draft, target);
  try {
    const events = withThoughtsSealed(call, draft, answer(call, target, draft));
    for await (const batch of events) await log?.add(batch);
  } finally {
    await log?.flush();
  }
  call.receipt.complete = true;
  return endingOf(call.services.store, key, draft);
}

/** The record, which says from now on that the response is being made; null when it is gone. */
async function begin({ store }: Services, key: RecordKey): Promise<StoredResponse | null> {
  const record = await updateRecord(store, key, ({ data }) => {
    const stored = data as StoredResponse;
    if (stored.response.status !== "queued") return null;
    return { data: { ...stored, response: { ...stored.response, status: "in_progress" } } satisfies StoredResponse };
  });
  return record && (record.data as StoredResponse);
}

/** Its model is told the attempt's own id: what an upstream keeps by that is of this entry in the ledger, and of no other. */
async function callOf(job: Job, operation: ModelCall["operation"], services: Services): Promise<ModelCall> {
  const { signal, attempt } = job;
  const { principal, requestId } = job.payload as BackgroundPayload;
  const receipt = newReceipt();
  const context = { signal, principal, requestId: `${requestId}.${attempt}`, logger: services.logger };
  const project = (await services.platform?.projects.admit(principal)) ?? null;
  const access = { modelAccess: project?.models ?? null, ownLimits: project?.limits ?? null };
  return { operation, principal, ...access, seat: null, context, services, receipt };
}

/** Has the attempt watched, and what became of the request kept, where somebody wants that. */
function observe(
  { operation, services, receipt }: ModelCall,
  { request }: Parameters<typeof draftAgain>[1],
  { requestId, arrival }: { requestId: string; arrival: number },
): Observation | null {
  if (services.explain) receipt.explained = startExplaining(request, responseRequest.shape, false);
  return (
    services.observing?.begin({ requestId, operationId: operation.id, background: true, arrival, request }) ?? null
  );
}

/** What an official client would try again, but for a quota that is used up; what a model's own code threw would most likely be thrown again. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === "insufficient_quota") return false;
  return error.status === 429 || error.status >= 500;
}
