import type { Call } from "../../../call.ts";
import { unavailable } from "../../../errors/catalogue.ts";
import { enqueueJob } from "../../../jobs/job-record.ts";
import { ownerOf } from "../../../store/owner.ts";
import type { Draft } from "../responses.draft.ts";
import { RESPONSE_JOB, responseKey } from "../responses.state.ts";
import { type BackgroundPayload, pendingOf } from "./pending.ts";

/** Keeps the response, and the job that will make it: both or neither. */
export async function enqueueResponse({ principal, context, services }: Call, draft: Draft): Promise<void> {
  const { response } = draft;
  response.status = "queued";
  const { id: caller, organization, project, apiKey, user, serviceAccount } = principal;
  const payload: BackgroundPayload = {
    principal: {
      id: caller,
      ...(organization !== undefined && { organization }),
      ...(project !== undefined && { project }),
      ...(apiKey !== undefined && { apiKey }),
      ...(user !== undefined && { user }),
      ...(serviceAccount !== undefined && { serviceAccount }),
    },
    requestId: context.requestId,
  };
  const key = responseKey(ownerOf(principal), response.id);
  const written = await services.store.write([
    { insert: { ...key, createdAt: response.created_at, data: pendingOf(draft) } },
    enqueueJob(RESPONSE_JOB, { owner: key.owner, id: key.id, payload }),
  ]);
  if (!written) throw unavailable("The response could not be stored. Try again.");
}
