/**
 * `./build.sh bench chat`: how long the shop assistant takes for a message of 32 units, in headless Chromium on one thread.
 *
 *     node tests/bench/chat.mjs [--rounds 200] [--write docs/chat.md]
 *
 * What ships is timed: reading the message, the encoder, then the head, the tagger and the answer. Each round has another
 * message, so that nothing is remembered.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { replaceReport } from "./engine/report.mjs";
import { openPage, serve } from "./page.mjs";
import { median, quantile } from "./statistics.mjs";

const UNITS = 32;
const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "200" }, write: { type: "string" } } });
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");
const lacking = [command, join(root, "www/pkg/relaxed"), join(root, "www/pkg/chat")].find((path) => !existsSync(path));
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench chat, which makes it`);
  process.exit(1);
}

mkdirSync(join(root, "build/bench"), { recursive: true });
const [plan, html] = ["chat-encoder.plan", "chat.html"].map((name) => join(root, "build/bench", name));
execFileSync(command, ["compile", join(root, "models/chat-encoder/model.q8.onnx"), "--open", "units=1..40", "--output", plan], { stdio: ["ignore", "ignore", "inherit"] });
writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/chat/turns.mjs"></script>\n');
const server = await serve({
  "/": html,
  "/wasm/": join(root, "www/pkg"),
  "/bench/": join(root, "tests/bench"),
  "/chat/": { "encoder.plan": plan, "head.json": join(root, "models/chat-encoder/head.json"), "tagger.json": join(root, "models/chat-retail/tagger.json") },
});
const loadBefore = loadavg()[0];
try {
  const page = await openPage(`${server.address}/`);
  const rounds = await page.evaluate(([units, count]) => globalThis.measure.rounds(units, count), [UNITS, Number(options.rounds)]);
  const chromium = page.context().browser().version();
  await page.context().browser().close();
  const row = (name, times) => `| ${name} | ${median(times).toFixed(2)} | ${quantile(times, 0.95).toFixed(2)} |`;
  const whole = rounds.map((parts) => parts.reading + parts.encoder + parts.answer);
  const text = [
    `${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadBefore.toFixed(1)} before the start; Chromium ${chromium}; ${rounds.length} messages of ${UNITS} words.`,
    "",
    "| milliseconds | median | 95 % within |",
    "|---|---:|---:|",
    ...["reading", "encoder", "answer"].map((part) => row(part, rounds.map((parts) => parts[part]))),
    row("together", whole),
  ].join("\n");
  if (options.write) writeFileSync(options.write, replaceReport(readFileSync(options.write, "utf8"), text, "bench chat"));
  console.log(text);
} finally {
  server.close();
}
