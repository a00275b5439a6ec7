export type { MockEngineOptions } from "./engine.options.ts";
export { type MockEngine, mockEngine } from "./engine.ts";
export type { MockOptions, MockServerOptions } from "./mock.options.ts";
export { createMock, type Mock } from "./mock.ts";
export type { RecordedCall } from "./recorded-call.ts";
export type {
  ErrorReply,
  IdPattern,
  Matcher,
  MatchFields,
  MockContext,
  MockRequest,
  Reply,
  ReplyFields,
  ReplyFunction,
  ReplyStep,
  Rule,
  ScriptedOperation,
  TextPattern,
  ToolCallReply,
  ToolResult,
} from "./script/rule.types.ts";
export { parseScript, readScript } from "./script/script-file.ts";
export { createMockServer, type MockServer } from "./server.ts";
export { createTokenizer } from "./tokens/tokens.ts";
