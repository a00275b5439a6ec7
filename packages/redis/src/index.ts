export { type RedisLimiterOptions, redisLimiter } from "./redis-limiter.ts";
export { type RedisNewsOptions, redisNews } from "./redis-news.ts";
