import type { Type } from "@nestjs/common";
import { type Operation, operations, requestSchema } from "@outlet/core";
import { OTHERWISE } from "./outlet.controller.ts";

type Swagger = typeof import("@nestjs/swagger");
type Schema = Extract<Parameters<Swagger["ApiBody"]>[0], { schema: unknown }>["schema"];

const described = new WeakSet<Type>();

/** Adds OpenAPI metadata to the controller where `@nestjs/swagger` is installed. */
export async function describeController(controller: Type): Promise<void> {
  if (described.has(controller)) return;
  described.add(controller);
  const swagger = await loadSwagger();
  if (!swagger) return;
  swagger.ApiTags("OpenAI API")(controller);
  for (const operation of operations) {
    apply(controller, operation.id, operationDecorators(swagger, operation));
  }
  if (OTHERWISE in controller.prototype) apply(controller, OTHERWISE, [swagger.ApiExcludeEndpoint()]);
}

function operationDecorators(swagger: Swagger, operation: Operation): MethodDecorator[] {
  const { id: operationId, summary, reference: url } = operation;
  const schema = requestSchema(operation) as Schema | null;
  const content = {
    "application/json": { schema: { type: "object" } },
    ...(operation.streams && { "text/event-stream": { schema: { type: "string" } } }),
  };
  return [
    swagger.ApiOperation({ operationId, summary, externalDocs: { url } }),
    swagger.ApiResponse({ status: 200, description: "The operation's answer.", content }),
    swagger.ApiResponse({ status: "4XX", description: "A refusal, in the error envelope." }),
    ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => swagger.ApiParam({ name: name as string })),
    ...(schema ? [swagger.ApiBody({ schema })] : []),
  ];
}

function apply(controller: Type, name: string, decorators: MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, name) as PropertyDescriptor;
  for (const decorate of decorators) decorate(controller.prototype, name, descriptor);
}

async function loadSwagger(): Promise<Swagger | null> {
  try {
    return await import("@nestjs/swagger");
  } catch {
    return null;
  }
}
