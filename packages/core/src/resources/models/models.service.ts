import type { Call } from "../../call.ts";
import { modelCannot, modelNotFound, notPermitted } from "../../errors/catalogue.ts";
import { upstreamError } from "../../errors/upstream.ts";
import { untilAborted } from "../../http/abort.ts";
import type { Reply } from "../../http/exchange.ts";
import type { ListedModel, ResolvedModel } from "../../models/registry.ts";
import { resolveModel } from "../../models/resolve-model.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import type { Model, ModelDeleted, ModelList } from "./models.types.ts";

/** https://platform.openai.com/docs/api-reference/models/list */
export async function listModels(call: Call): Promise<Reply> {
  const list: ModelList = { object: "list", data: await allModels(call) };
  return jsonReply(list);
}

/** https://platform.openai.com/docs/api-reference/models/retrieve */
export async function retrieveModel(call: Call): Promise<Reply> {
  const id = call.params.model ?? "";
  // The fallback's models are asked for only when the id is none of the host's own; one that was shut down is not looked for.
  const { models } = call.services;
  if (models.has(id)) models.resolve(id, call.principal);
  const candidates = models.has(id) ? ownModels(call) : await fallbackModels(call);
  const model = candidates.find((one) => one.id === id);
  if (!model || !mayUse(call, id)) throw modelNotFound(id.slice(0, 256));
  return jsonReply(model);
}

/** https://platform.openai.com/docs/api-reference/models/delete */
export async function deleteModel(call: Call): Promise<Reply> {
  const id = call.params.model ?? "";
  const target = resolveModel(call, id);
  if (!id.startsWith("ft:") || !target.deletable(call.principal)) {
    throw notPermitted(
      "You have insufficient permissions for this operation: only fine-tuned models of your own can be deleted.",
      "model",
    );
  }
  await untilAborted(deleteAtEngine(call, target), call.context.signal);
  call.services.models.forget(id);
  const deleted: ModelDeleted = { id, object: "model", deleted: true };
  return jsonReply(deleted);
}

async function deleteAtEngine({ context, operation }: Call, { id, engine, engineModel }: ResolvedModel): Promise<void> {
  if (engine.deleteModel) return engine.deleteModel(engineModel, context);
  if (!engine.forward) throw modelCannot(id, operation.path);
  const path = `/models/${encodeURIComponent(engineModel)}`;
  const request = { method: "DELETE", path, body: null, contentType: null, stream: false };
  const reply = await engine.forward(request, context);
  if (reply.status < 200 || reply.status > 299) throw await upstreamError(reply);
}

async function allModels(call: Call): Promise<Model[]> {
  const others = (await fallbackModels(call)).filter(({ id }) => !call.services.models.has(id));
  return [...ownModels(call), ...others].filter(({ id }) => mayUse(call, id));
}

function mayUse({ modelAccess, services, principal }: Call, id: string): boolean {
  return modelAccess?.allows(id, services.models.resolve(id, principal).snapshot) ?? true;
}

function ownModels({ services, principal }: Call): Model[] {
  return services.models.list(principal).map(describe);
}

/** What the engine under `"*"` offers; nothing when it cannot say. */
async function fallbackModels({ services, context }: Call): Promise<Model[]> {
  const { fallback } = services.models;
  return fallback?.listModels ? untilAborted(fallback.listModels(context), context.signal) : [];
}

function describe({ id, definition: { created = 0, owned_by = "outlet" } }: ListedModel): Model {
  return { id, object: "model", created, owned_by };
}
