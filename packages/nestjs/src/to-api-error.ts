import { HttpException } from "@nestjs/common";
import { ApiError } from "@outlet/core";

/**
 * What a client may know of an error of the host's: Nest's exceptions and the errors of the platform's parsers and plugins
 * keep their status and message; all else stays as it is, for core to answer with an opaque 500.
 */
export function toApiError(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof HttpException) return fromStatus(error.getStatus(), exceptionMessage(error), error);
  if (!isHttpError(error)) return error;
  return fromStatus(error.statusCode, error.message, error);
}

function fromStatus(status: number, message: string, cause: unknown): ApiError {
  if (status === 429) return new ApiError({ status, type: "requests", code: "rate_limit_exceeded", message, cause });
  return new ApiError({ status, type: status >= 500 ? "server_error" : "invalid_request_error", message, cause });
}

/** `new BadRequestException(["a", "b"])` and the like keep their messages in the response. */
function exceptionMessage(exception: HttpException): string {
  const response = exception.getResponse();
  const message = typeof response === "object" && "message" in response ? response.message : response;
  if (Array.isArray(message)) return message.join("; ");
  return typeof message === "string" ? message : exception.message;
}

/** A client error of `http-errors` (body-parser, Express' router) or of Fastify's, whose message is meant for the client. */
function isHttpError(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error)) return false;
  const { statusCode, expose } = error as { statusCode?: unknown; expose?: unknown };
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 && expose !== false;
}
