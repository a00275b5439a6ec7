import { type Bench, createBench } from "./bench.ts";
import { startUpstream } from "./fleet.ts";
import { divideCores, pinSelf } from "./host/cores.ts";
import { pathOf, stop } from "./host/process.ts";
import { measureCancelling } from "./measure/cancel.ts";
import { measureChunks } from "./measure/chunks.ts";
import { measureInstallSize } from "./measure/install-size.ts";
import { measureFirstToken, measureLatency } from "./measure/latency.ts";
import { measureMocks } from "./measure/mocks.ts";
import { measureOpenStreams } from "./measure/open-streams.ts";
import { measureStartUp } from "./measure/start-up.ts";
import { measureThroughput } from "./measure/throughput.ts";
import { writeBetweenMarkers } from "./readme.ts";
import { report } from "./report.ts";
import { createSamples } from "./samples.ts";
import { readSettings, type Settings } from "./settings.ts";

const MEASURES: Record<string, (bench: Bench) => Promise<void>> = {
  throughput: measureThroughput,
  latency: measureLatency,
  "first-token": measureFirstToken,
  chunks: measureChunks,
  open: measureOpenStreams,
  cancel: measureCancelling,
  start: measureStartUp,
  size: measureInstallSize,
  mocks: measureMocks,
};

async function main(settings: Settings): Promise<void> {
  const cores = divideCores();
  const samples = createSamples();
  const upstream = await startUpstream(cores);
  const bench = createBench(settings, cores, upstream, samples);
  if (cores) pinSelf(cores.load);
  try {
    for (const [section, measure] of Object.entries(MEASURES)) {
      if (!settings.sections.has(section)) continue;
      const began = performance.now();
      await measure(bench);
      console.error(`${section}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    }
  } finally {
    await bench.stopAll();
    await stop(upstream.child);
  }
  const text = report(samples, settings, cores);
  console.log(text);
  if (settings.write) await writeBetweenMarkers(pathOf("../README.md", import.meta.url), text);
}

const settings = readSettings(process.argv.slice(2), process.env);
if (settings) await main(settings);
