export { type NodeExchangeOptions, nodeExchange } from "./exchange.ts";
export { handleNodeRequest, nodeListener } from "./handler.ts";
export type { NodeRequest, NodeResponse } from "./types.ts";
export { writeReply } from "./write.ts";
