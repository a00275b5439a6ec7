import { remoteApp } from "./guest.ts";
import type { Setup } from "./wire.ts";

declare const Deno: {
  args: string[];
  serve(options: object, handler: (request: Request) => Response | Promise<Response>): unknown;
};

const app = remoteApp(JSON.parse(Deno.args[0] ?? "") as Setup);
const onListen = ({ port }: { port: number }) => console.log(JSON.stringify({ port }));
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, (request) => app.fetch(request));
