/** The inner object of OpenAI's error envelope. https://platform.openai.com/docs/guides/error-codes */
export interface ErrorObject {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

export interface ApiErrorInit {
  status: number;
  type: string;
  message: string;
  param?: string | null;
  code?: string | null;
  /** Extra response headers, lower-case: `retry-after`, `x-should-retry`, … */
  headers?: Record<string, string>;
  cause?: unknown;
  /** True where the message is a far side's own, which may quote the request: the client gets it, and the log does not. Default: false. */
  quoted?: boolean;
}

/**
 * An error a client may see. Engines and hosts throw it to choose the status and the envelope;
 * anything else that is thrown becomes an opaque 500.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;
  readonly quoted: boolean;

  constructor(init: ApiErrorInit) {
    super(init.message, { cause: init.cause });
    this.status = init.status;
    this.type = init.type;
    this.param = init.param ?? null;
    this.code = init.code ?? null;
    this.headers = init.headers ?? {};
    this.quoted = init.quoted ?? false;
  }

  toObject(): ErrorObject {
    return { message: this.message, type: this.type, param: this.param, code: this.code };
  }
}

/** The envelope, as JSON text: the only place one is written. */
export function errorBody(error: ApiError): string {
  return JSON.stringify({ error: error.toObject() });
}
