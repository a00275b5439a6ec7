import { bareOperation } from "../../operation.ts";
import { deleteModel, listModels, retrieveModel } from "./models.service.ts";

export const listModelsOperation = bareOperation({
  id: "listModels",
  method: "GET",
  path: "/models",
  summary: "Lists the models that this key may use.",
  reference: "https://platform.openai.com/docs/api-reference/models/list",
  auth: "key",
  streams: false,
  run: listModels,
});

export const retrieveModelOperation = bareOperation({
  id: "retrieveModel",
  method: "GET",
  path: "/models/{model}",
  summary: "Retrieves one model: its id, owner and date.",
  reference: "https://platform.openai.com/docs/api-reference/models/retrieve",
  auth: "key",
  streams: false,
  run: retrieveModel,
});

export const deleteModelOperation = bareOperation({
  id: "deleteModel",
  method: "DELETE",
  path: "/models/{model}",
  summary: "Deletes a fine-tuned model.",
  reference: "https://platform.openai.com/docs/api-reference/models/delete",
  auth: "key",
  streams: false,
  run: deleteModel,
});
