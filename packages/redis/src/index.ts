export { type RedisLimiterOptions, redisLimiter } from "./redis-limiter.ts";
