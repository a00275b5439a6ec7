export type { Cell, Mounted } from "./cell.ts";
export { type Conformance, type Result, runConformance, startConformance } from "./conformance.ts";
export type { Departure, Departures } from "./kit/departures.ts";
export type { HttpClient, RawRequest, Received } from "./kit/http-client.ts";
export { answerOwnRoute, OWN_ROUTE } from "./kit/own-route.ts";
export type { Script } from "./kit/script.ts";
export type { EngineCall, ScriptedEngines } from "./kit/scripted-engines.ts";
export type { SettledCalls } from "./kit/settled-calls.ts";
export type { Begun, Opened } from "./kit/transport.ts";
export {
  checkLedger,
  type LedgerCell,
  type LedgerDatabase,
  type LedgerResult,
  runLedgerConformance,
} from "./ledgers/ledger-conformance.ts";
export type { LedgerContext, LedgerRequirement } from "./ledgers/ledger-requirement.ts";
export { ledgerRequirements } from "./ledgers/ledger-requirements.ts";
export {
  checkLimiter,
  type LimiterCell,
  type LimiterDatabase,
  type LimiterResult,
  runLimiterConformance,
} from "./limiters/limiter-conformance.ts";
export type { LimiterContext, LimiterRequirement } from "./limiters/limiter-requirement.ts";
export { limiterRequirements } from "./limiters/limiter-requirements.ts";
export type { Need, Requirement, RequirementContext } from "./requirement.ts";
export { requirements } from "./requirements.ts";
export type { StoreCell, StoreDatabase } from "./stores/store-cell.ts";
export { checkStore, runStoreConformance, type StoreResult } from "./stores/store-conformance.ts";
export type { StoreContext, StoreRequirement } from "./stores/store-requirement.ts";
export { storeRequirements } from "./stores/store-requirements.ts";
export { formatTable } from "./table.ts";
