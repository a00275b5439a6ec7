export { type PrometheusMetrics, type PrometheusOptions, prometheus } from "./prometheus.ts";
