import type { Call } from "../../call.ts";
import { modelNotFound } from "../../errors/catalogue.ts";
import { untilAborted } from "../../http/abort.ts";
import type { Reply } from "../../http/exchange.ts";
import type { ModelDefinition } from "../../models/registry.ts";
import { jsonReply } from "../../pipeline/reply.ts";
import type { Model, ModelList } from "./models.types.ts";

/** https://platform.openai.com/docs/api-reference/models/list */
export async function listModels(call: Call): Promise<Reply> {
  const list: ModelList = { object: "list", data: await allModels(call) };
  return jsonReply(list);
}

/** https://platform.openai.com/docs/api-reference/models/retrieve */
export async function retrieveModel(call: Call): Promise<Reply> {
  const id = call.params.model ?? "";
  const definition = call.services.models.named.get(id);
  const model = definition ? describe(id, definition) : (await fallbackModels(call)).find((one) => one.id === id);
  if (!model) throw modelNotFound(id.slice(0, 256));
  return jsonReply(model);
}

async function allModels(call: Call): Promise<Model[]> {
  const { named } = call.services.models;
  const own = [...named].map(([id, definition]) => describe(id, definition));
  return [...own, ...(await fallbackModels(call)).filter((model) => !named.has(model.id))];
}

/** What the engine under `"*"` offers; nothing when it cannot say. */
async function fallbackModels({ services, context }: Call): Promise<Model[]> {
  const { fallback } = services.models;
  return fallback?.listModels ? untilAborted(fallback.listModels(context), context.signal) : [];
}

function describe(id: string, { created = 0, owned_by = "outlet" }: ModelDefinition): Model {
  return { id, object: "model", created, owned_by };
}
