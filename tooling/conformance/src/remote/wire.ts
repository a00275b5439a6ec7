import {
  ApiError,
  type ApiErrorInit,
  type BillingOptions,
  type InstanceOptions,
  type PlatformOptions,
  type PolicyOptions,
  type Principal,
  type RateLimitOptions,
} from "@outlet/core";

/*
 * A foreign runtime serves the outlet; its models, its `authenticate` and its `onSettle` live in the test process. This is
 * what the two tell each other: requests of JSON, and answers of one JSON value a line.
 */

export type Ability = "chat" | "complete" | "embed" | "moderate" | "forward";

export interface Setup {
  /** Where the test process listens. */
  readonly control: string;
  readonly models: Readonly<Record<string, RemoteModel>>;
  readonly keys: Readonly<Record<string, Principal>> | readonly string[];
  readonly instances?: Readonly<Record<string, RemoteInstance>>;
  readonly maxBodyBytes?: number;
  readonly moderation?: unknown;
  readonly platform?: PlatformOptions;
  readonly policy?: PolicyOptions;
  readonly explain?: boolean | "header";
  readonly limits?: RateLimitOptions;
  readonly jobs?: { readonly maxPending?: number };
  /** Prices of a ledger in memory. */
  readonly billing?: BillingOptions;
}

export interface RemoteEngine {
  readonly abilities: readonly Ability[];
  readonly honours?: unknown;
  readonly images?: unknown;
  /** Whether the far side behind its `forward` has Responses. */
  readonly responses?: boolean;
}

export interface RemoteInstance extends Omit<InstanceOptions, "engine" | "tokenizer"> {
  readonly engine: RemoteEngine;
}

export interface RemoteModel extends RemoteEngine {
  /** Its tokenizer counts characters, as the kit's does. */
  readonly countsCharacters?: boolean;
  /** Ids of the principals who may delete it; it can be deleted at its engine then. */
  readonly deletableBy?: readonly string[];
  /** What an entry says beside its engine: `model`, `created`, `owned_by`; or the whole of an alias. */
  readonly entry: Readonly<Record<string, unknown>>;
}

export interface Ask {
  /** Whose engine is asked: the id of a model, or `instance:` and an instance's name. */
  readonly of: string;
  readonly ability: Ability;
  readonly request: unknown;
  readonly principal: Principal;
  readonly requestId: string;
}

/** A call whose signal has aborted there, so long after the client's leaving was noticed. */
export interface Stopped {
  readonly requestId: string;
  readonly ms: number;
}

export type Line =
  | { readonly kind: "whole"; readonly value: unknown }
  | { readonly kind: "stream"; readonly head?: unknown }
  | { readonly kind: "piece"; readonly value: unknown }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: RemoteError };

export interface RemoteError {
  readonly message: string;
  /** Absent when what was thrown is no `ApiError`. */
  readonly api?: ApiErrorInit;
}

export function encodeError(error: unknown): RemoteError {
  if (!(error instanceof ApiError)) return { message: String(error) };
  const { status, type, param, code, message, headers } = error;
  return { message, api: { status, type, param, code, message, headers } };
}

export function decodeError({ message, api }: RemoteError): Error {
  return api ? new ApiError(api) : new Error(message);
}

/** Bytes as text of JSON: `Uint8Array`s become base64, everything else stays. */
export function encodeBytes(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return { base64: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) };
}

export function decodeBytes(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("base64" in value)) return value;
  return Uint8Array.from(atob(String(value.base64)), (character) => character.charCodeAt(0));
}
