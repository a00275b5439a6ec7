import { ApiError, type ForwardRequest } from "@outlet/core";
import type { AzureOptions } from "./openai.options.ts";

/** Where requests go: one origin, and a path below one base, whatever a client sends. */
export interface Target {
  readonly origin: string;
  /** @throws ApiError 400 when the path would leave the base. */
  path(request: Pick<ForwardRequest, "path" | "body">): string;
}

/** Azure serves these below the deployment whose model answers. */
const DEPLOYMENT_PATHS = new Set([
  "/audio/speech",
  "/audio/transcriptions",
  "/audio/translations",
  "/chat/completions",
  "/completions",
  "/embeddings",
  "/images/edits",
  "/images/generations",
]);

export function createTarget(base: URL, azure: AzureOptions | undefined): Target {
  const basePath = base.pathname.replace(/\/+$/, "");
  const { origin } = base;
  if (!azure) {
    // The same path comes time and again, and to look at it costs more than to remember it.
    let last = { path: "", full: "" };
    return {
      origin,
      path({ path }) {
        if (path !== last.path || path === "") last = { path, full: basePath + confined(path) };
        return last.full;
      },
    };
  }
  if (typeof azure.apiVersion !== "string" || azure.apiVersion === "") {
    throw new TypeError("azure.apiVersion must be a version such as 2024-10-21");
  }
  if (azure.deployment === "") throw new TypeError("azure.deployment must not be empty");
  const query = `?api-version=${encodeURIComponent(azure.apiVersion)}`;
  const azureBase = basePath || "/openai";
  return {
    origin,
    path({ path, body }) {
      if (!DEPLOYMENT_PATHS.has(path)) return azureBase + confined(path) + query;
      const deployment = encodeURIComponent(azure.deployment ?? modelOf(body));
      return azureBase + confined(`/deployments/${deployment}${path}`) + query;
    },
  };
}

const SAFE_PATH = /^(?:\/(?!(?:\.|%2e){1,2}(?:\/|$))[\w.~!$&'()*+,;=:@%-]+)+$/i;

/** Neither a query nor a fragment, no empty, `.` or `..` segment: nothing that a server could read as another path. */
function confined(path: string): string {
  if (!SAFE_PATH.test(path)) throw badRequest("The path of the request is not one that can be forwarded.", null);
  return path;
}

function modelOf(body: ForwardRequest["body"]): string {
  let model: unknown;
  try {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
    ({ model } = JSON.parse(text) as { model?: unknown });
  } catch {
    // Not JSON (a multipart upload): its model cannot be known here.
  }
  if (typeof model === "string" && model !== "") return model;
  throw badRequest("The model of the request could not be read; the upstream needs it to find a deployment.", "model");
}

function badRequest(message: string, param: string | null): ApiError {
  return new ApiError({ status: 400, type: "invalid_request_error", message, param });
}
