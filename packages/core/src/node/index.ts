export { callerExchange } from "./caller-exchange.ts";
export { type NodeExchangeOptions, nodeExchange } from "./exchange.ts";
export { guardNodeRequest } from "./guard.ts";
export { answerNodeRequest, handleNodeRequest, nodeListener } from "./handler.ts";
export type { NodeRequest, NodeResponse } from "./types.ts";
export { writeReply } from "./write.ts";
