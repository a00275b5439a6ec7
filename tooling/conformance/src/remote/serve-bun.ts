import { remoteApp } from "./guest.ts";
import type { Setup } from "./wire.ts";

declare const Bun: {
  argv: string[];
  serve(options: { port: number; hostname: string; fetch: (request: Request) => unknown }): { port: number };
};

const app = remoteApp(JSON.parse(Bun.argv[2] ?? "") as Setup);
const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
console.log(JSON.stringify({ port }));
