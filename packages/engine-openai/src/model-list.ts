import { type EngineContext, engineFailed, type ForwardReply, type Model, upstreamError } from "@outlet/core";
import { sendUpstream, type Upstream } from "./upstream.ts";
import { unlessAborted } from "./wait.ts";

/**
 * The upstream's models. A list is asked for once however many wait for it, and kept for a while; a failure is not kept.
 * A caller who leaves does not take the list from the others.
 */
export function createModelList(upstream: Upstream): (context: EngineContext) => Promise<Model[]> {
  let pending: Promise<Model[]> | null = null;
  let kept: { models: Model[]; until: number } | null = null;

  async function fetchModels(context: EngineContext): Promise<Model[]> {
    try {
      const signal = new AbortController().signal;
      const request = { method: "GET", path: "/models", body: null, contentType: null, stream: false };
      const models = await modelsOf(await sendUpstream(upstream, request, { ...context, signal }));
      kept = { models, until: performance.now() + upstream.limits.modelsMaxAgeMs };
      return models;
    } finally {
      pending = null;
    }
  }

  return async (context) => {
    context.signal.throwIfAborted();
    if (kept && performance.now() < kept.until) return kept.models;
    pending ??= fetchModels(context);
    return unlessAborted(pending, context.signal);
  };
}

async function modelsOf(reply: ForwardReply): Promise<Model[]> {
  const { status, body } = reply;
  if (status < 200 || status > 299) throw await upstreamError(reply);
  let data: unknown;
  try {
    ({ data } = JSON.parse(new TextDecoder().decode(body as Uint8Array)) as { data?: unknown });
  } catch (cause) {
    throw engineFailed("The upstream's list of models is not valid JSON.", cause);
  }
  if (!Array.isArray(data)) throw engineFailed("The upstream's list of models has no data.");
  return data.flatMap((entry: LooseModel | null) => {
    if (typeof entry?.id !== "string" || entry.id === "") return [];
    return [{ id: entry.id, object: "model" as const, created: createdOf(entry), owned_by: ownerOf(entry) }];
  });
}

interface LooseModel {
  id?: unknown;
  created?: unknown;
  /** Azure's name for it. */
  created_at?: unknown;
  owned_by?: unknown;
}

function createdOf({ created, created_at }: LooseModel): number {
  const seconds = created ?? created_at;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) ? seconds : 0;
}

function ownerOf({ owned_by }: LooseModel): string {
  return typeof owned_by === "string" ? owned_by : "";
}
