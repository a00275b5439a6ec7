import type {
  ChatCompletion,
  ChatCompletionRequest,
  Completion,
  CompletionRequest,
  EmbeddingList,
  EmbeddingRequest,
  ErrorObject,
  Model,
  ModelDeleted,
  ModelList,
} from "@outlet/core";
import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";

/** What `hc` knows of one operation: its whole answer, or an error in the envelope, told apart by `ok` and `status`. */
type Answers<Input, Output> =
  | { input: Input; output: Output; outputFormat: "json"; status: 200 }
  | {
      input: Input;
      output: { error: ErrorObject };
      outputFormat: "json";
      status: ClientErrorStatusCode | ServerErrorStatusCode;
    };

/** A typed client reads whole answers: a stream's events have no type there. The official SDK reads streams. */
type Whole<Request> = { json: Request & { stream?: false | null } };

/** The operations as Hono's RPC client sees them. A type alias, since Hono's schemas need an index signature. */
export type OutletSchema = {
  "/chat/completions": { $post: Answers<Whole<ChatCompletionRequest>, ChatCompletion> };
  "/embeddings": { $post: Answers<{ json: EmbeddingRequest }, EmbeddingList> };
  "/models": { $get: Answers<object, ModelList> };
  "/models/:model": {
    $get: Answers<{ param: { model: string } }, Model>;
    $delete: Answers<{ param: { model: string } }, ModelDeleted>;
  };
  "/completions": { $post: Answers<Whole<CompletionRequest>, Completion> };
};

/** `/models/{model}` as Hono writes it. A last parameter takes the rest of the path: model ids contain slashes. */
export function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}$/, ":$1{.+}").replaceAll(/\/\{(\w+)\}(?=\/)/g, "/:$1");
}
