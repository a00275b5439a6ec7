/** The parts of JSON Schema that values are made from. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly $ref?: string;
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode;
  readonly minProperties?: number;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number | boolean;
  readonly exclusiveMaximum?: number | boolean;
  readonly multipleOf?: number;
}

export type SchemaNode = JsonSchema | boolean;

/** Where values come from: the words of a message, and a seed for what the words do not give. */
export interface ValueSource {
  readonly text: string;
  readonly seed: number;
  /** `"all"`: optional properties too. `"mentioned"`: only those whose value the text gives. */
  readonly optional: "all" | "mentioned";
}

/** Where in the schema a value is being made. */
export interface Place {
  readonly name: string;
  readonly depth: number;
  /** Tells items of one list apart. */
  readonly index: number;
}
