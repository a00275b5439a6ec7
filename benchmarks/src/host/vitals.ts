import { answerParent } from "./ipc.ts";

// Loaded into every target before its own code (`node --import`), so that all of them are asked in the same way and
// none has a line of the harness in it.

answerParent(() => {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, rss: process.memoryUsage.rss() };
});
