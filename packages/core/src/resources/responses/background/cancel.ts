import type { Call } from "../../../call.ts";
import { invalidRequest, responseNotFound } from "../../../errors/catalogue.ts";
import { cancelJob } from "../../../jobs/job-record.ts";
import { ownerOf } from "../../../store/owner.ts";
import { updateRecord } from "../../../store/update.ts";
import { endOf, RESPONSE_JOB, responseKey, type StoredResponse } from "../responses.state.ts";
import type { ResponseObject } from "../responses.types.ts";
import { isPending } from "./pending.ts";

/**
 * Takes the work on a response back, for good. One that is over stays as it is.
 * @throws ApiError 404; 400 for one that was not made in the background
 */
export async function cancelBackgroundResponse(
  { principal, services }: Pick<Call, "principal" | "services">,
  id: string,
): Promise<ResponseObject> {
  const key = responseKey(ownerOf(principal), id);
  const record = await updateRecord(
    services.store,
    key,
    ({ data }) => {
      const stored = data as StoredResponse;
      if (!stored.response.background) throw invalidRequest("Cannot cancel a synchronous response.");
      if (!isPending(stored)) return null;
      return endOf(stored, { ...stored.response, status: "cancelled" });
    },
    [cancelJob(RESPONSE_JOB, key)],
  );
  if (!record) throw responseNotFound(id);
  return (record.data as StoredResponse).response;
}
