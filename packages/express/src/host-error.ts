import {
  ApiError,
  bodyTooLarge,
  malformedJson,
  unsupportedContentEncoding,
  unsupportedContentType,
} from "@outlet/core";
import type { Request } from "express";

/** The fields that Express' body parsers, and everything else made by `http-errors`, put on an error. */
interface HttpError {
  type?: unknown;
  status?: unknown;
  statusCode?: unknown;
  limit?: unknown;
  expose?: unknown;
  message?: unknown;
}

/**
 * An error of the host's as one of the API's. What has no meaning for a client, such as a 5xx or a bug, stays what it is:
 * the outlet logs it and answers an opaque 500.
 */
export function hostError(error: unknown, req: Request): unknown {
  if (error instanceof ApiError || typeof error !== "object" || error === null) return error;
  const { type, limit, expose, message, ...http } = error as HttpError;
  const status = http.status ?? http.statusCode;
  const contentType = req.headers["content-type"] ?? "";
  switch (type) {
    case "entity.parse.failed":
      return malformedJson();
    case "request.size.invalid":
      return malformedJson("It is not as long as its content-length header says.");
    case "entity.too.large":
      return bodyTooLarge(Number(limit));
    case "charset.unsupported":
      return unsupportedContentType(contentType, "application/json");
    case "encoding.unsupported":
      return unsupportedContentEncoding(req.headers["content-encoding"] ?? "");
  }
  if (typeof status !== "number" || status < 400 || status > 499) return error;
  const shown = expose === true && typeof message === "string" ? message : "The request was refused.";
  return new ApiError({ status, type: "invalid_request_error", message: shown, cause: error });
}
