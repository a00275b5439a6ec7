import { ApiError } from "@outlet/core";

const USUAL = 1536;
const LARGE = 3072;

/**
 * Length of a model's vectors.
 * @throws ApiError 400 when the model cannot give as many as were asked for
 */
export function dimensionsOf(model: string, asked: number | undefined): number {
  if (model === "text-embedding-ada-002") {
    if (asked !== undefined && asked !== USUAL) throw refused("This model does not support specifying dimensions.");
    return USUAL;
  }
  const most = model.startsWith("text-embedding-3-small") ? USUAL : LARGE;
  if (asked === undefined) return model.startsWith("text-embedding-3-large") ? LARGE : USUAL;
  if (asked <= most) return asked;
  throw refused(`Invalid value for 'dimensions' = ${asked}. Must be less than or equal to ${most}.`);
}

function refused(message: string): ApiError {
  return new ApiError({ status: 400, type: "invalid_request_error", param: "dimensions", message });
}
