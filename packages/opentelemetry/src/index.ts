export { type OpenTelemetryOptions, openTelemetry } from "./opentelemetry.ts";
