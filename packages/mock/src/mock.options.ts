import type { Principal } from "@outlet/core";
import type { MockEngineOptions } from "./engine.options.ts";
import type { RecordedCall } from "./recorded-call.ts";

export interface MockOptions extends MockEngineOptions {
  /** Keys that open the mock, to test 401s with. Default: any key does, and none at all. */
  keys?: readonly string[] | Readonly<Record<string, Principal>>;
  /** Ids of the models there are; others get a 404. Default: every id is answered, and `GET /models` lists well known ones. */
  models?: readonly string[];
  /** Calls kept in `calls`; the oldest go first. Default: 1000. */
  history?: number;
  /** Told of every call when it has ended. */
  onCall?: (call: RecordedCall) => void;
}

export interface MockServerOptions extends MockOptions {
  /** Port to listen on; default 0, any free one. */
  port?: number;
  /** Address to listen on; default `127.0.0.1`. */
  host?: string;
  /** Answer pages of other origins, so that a browser can call the mock. Default: true. */
  cors?: boolean;
}
