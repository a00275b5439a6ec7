// undici publishes no types for its parts; this one is its `Pool`.
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
