/**
 * `./build.sh bench pack`: time, peak memory and size of packing a large shop, from the log alone.
 *
 *     node tests/bench/pack.mjs [--items 1000000] [--events 10000000] [--seed 7] [--models FOLDER] [--keep] [--json]
 *
 * Catalogue and log are drawn (see pack/generate.mjs) into build/bench-pack, and kept there with --keep. Without
 * --models nothing is embedded: what a text takes is measured by `bench engine`.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeEvents, writeItems } from "./pack/generate.mjs";

const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({
  options: {
    items: { type: "string", default: "1000000" },
    events: { type: "string", default: "10000000" },
    seed: { type: "string", default: "7" },
    models: { type: "string" },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [items, events, seed] = [options.items, options.events, options.seed].map(Number);
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");
if (!existsSync(command)) {
  console.error(`${command} is missing: run ./build.sh bench pack, which builds it`);
  process.exit(1);
}
const folder = join(root, "build/bench-pack");
mkdirSync(join(folder, "no-models"), { recursive: true });
const files = { items: join(folder, `items-${items}-${seed}.csv`), events: join(folder, `events-${items}-${events}-${seed}.csv`) };
const load = loadavg()[0];
if (!existsSync(files.items)) writeItems(files.items, items, seed);
if (!existsSync(files.events)) {
  const { sessions, longest } = writeEvents(files.events, items, events, { seed });
  console.error(`${sessions} sessions, the longest of ${longest} events`);
}
// The shell tells what the command took of the processors, which other work on the machine leaves alone.
const cpu = join(folder, "cpu-seconds");
const began = performance.now();
const packed = spawnSync(
  "bash",
  [
    ...["-c", 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>"$CPU_SECONDS"', "bash", command],
    ...["pack", "--items", files.items, "--events", files.events, "--now", "2026-06-01T00:00:00Z", "--json"],
    ...["--models", options.models ?? join(folder, "no-models"), "--out", join(folder, "site")],
  ],
  { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26, env: { ...process.env, CPU_SECONDS: cpu } },
);
if (packed.status !== 0) process.exit(packed.status ?? 1);
const summary = JSON.parse(packed.stdout);
const seconds = (performance.now() - began) / 1000;
const cpuSeconds = readFileSync(cpu, "utf8").trim().split(" ").map(Number).reduce((sum, part) => sum + part);
const mib = (bytes) => (bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0);
const sizes = Object.entries(summary.files).map(([kind, weight]) => ({ kind, raw: mib(weight.raw), brotli: mib(weight.brotli) }));
if (options.json) {
  console.log(JSON.stringify({ items, events, seed, seconds, cpuSeconds, peakMemoryBytes: summary.peak_memory_bytes, files: summary.files }, null, 2));
} else {
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, load ${load.toFixed(1)} before the start.\n`);
  console.log(`| items | events | catalogue, MiB | log, MiB | seconds | of a processor | peak memory, MiB |\n|---:|---:|---:|---:|---:|---:|---:|`);
  const inputs = [files.items, files.events].map((path) => mib(statSync(path).size));
  console.log(`| ${items} | ${events} | ${inputs.join(" | ")} | ${seconds.toFixed(0)} | ${cpuSeconds.toFixed(0)} | ${mib(summary.peak_memory_bytes)} |\n`);
  console.log(`| files | raw, MiB | brotli, MiB |\n|---|---:|---:|`);
  for (const { kind, raw, brotli } of sizes) console.log(`| ${kind} | ${raw} | ${brotli} |`);
}
if (!options.keep) rmSync(folder, { recursive: true });
