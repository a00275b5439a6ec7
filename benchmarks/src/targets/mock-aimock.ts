import { pathToFileURL } from "node:url";
import { port } from "./environment.ts";
import { CHUNK_CHARACTERS, TEXT, TRIGGER } from "./mock-script.ts";

// Not a dependency of the workspace, so imported from where the harness has installed it.

interface Aimock {
  LLMock: new (options: {
    port: number;
    latency: number;
    chunkSize: number;
    logLevel: "silent";
  }) => {
    onMessage(pattern: string, response: { content: string }): unknown;
    start(): Promise<unknown>;
  };
}

const { LLMock } = (await import(pathToFileURL(process.argv[2] ?? "").href)) as Aimock;
const mock = new LLMock({ port, latency: 0, chunkSize: CHUNK_CHARACTERS, logLevel: "silent" });
mock.onMessage(TRIGGER, { content: TEXT });
await mock.start();
