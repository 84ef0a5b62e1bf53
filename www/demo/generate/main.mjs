#!/usr/bin/env node
/** Writes the demo shop: catalogue.csv, events.csv and a drawing for each item. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COLUMNS, makeCatalogue } from "./catalogue.mjs";
import { toCsv } from "./csv.mjs";
import { EVENT_COLUMNS, makeEvents } from "./events.mjs";
import { drawArticle } from "./garments/index.mjs";

const HELP = `usage: node main.mjs --out DIR [--items N] [--sessions N] [--seed N]

Invents a clothes shop and draws its goods. The same numbers give the same files everywhere.

  --out DIR       folder to write: catalogue.csv, events.csv, images/*.svg (images/ is replaced)
  --items N       items, 24 to 4000 (default 480)
  --sessions N    visits of simulated shoppers, 1 to 200000 (default 8000)
  --seed N        any whole number from 0 to 4294967295 (default 7)
  --help          this text`;

/** A mistake in how the command was called. */
class UsageError extends Error {}

function wholeNumber(text, name, low, high) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new UsageError(`--${name} ${text}: give a whole number from ${low} to ${high}`);
  }
  return value;
}

function readArguments(argv) {
  const options = {
    out: { type: "string" },
    items: { type: "string", default: "480" },
    sessions: { type: "string", default: "8000" },
    seed: { type: "string", default: "7" },
    help: { type: "boolean", default: false },
  };
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options, strict: true }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  if (values.help) return { help: true };
  if (!values.out) throw new UsageError("--out DIR is missing: name the folder to write, for example --out build/demo");
  return {
    out: values.out,
    items: wholeNumber(values.items, "items", 24, 4000),
    sessions: wholeNumber(values.sessions, "sessions", 1, 200000),
    seed: wholeNumber(values.seed, "seed", 0, 4294967295),
  };
}

function write({ out, items: itemCount, sessions, seed }) {
  const images = join(out, "images");
  rmSync(images, { recursive: true, force: true });
  mkdirSync(images, { recursive: true });
  const items = makeCatalogue(itemCount, seed);
  let imageBytes = 0;
  for (const { row, look } of items) {
    const svg = drawArticle(look);
    imageBytes += svg.length;
    writeFileSync(join(images, `${row.id}.svg`), svg);
  }
  writeFileSync(join(out, "catalogue.csv"), toCsv(COLUMNS, items.map(({ row }) => row)));
  const events = makeEvents(items.map(({ traits }) => traits), sessions, seed);
  writeFileSync(join(out, "events.csv"), toCsv(EVENT_COLUMNS, events));
  const products = new Set(items.map(({ row }) => row.group_id)).size;
  console.log(
    `${out}: ${items.length} items of ${products} products, drawings ${Math.round(imageBytes / 1024)} KiB, ` +
      `${events.length} events of ${sessions} sessions`,
  );
}

try {
  const options = readArguments(process.argv.slice(2));
  if (options.help) console.log(HELP);
  else write(options);
} catch (error) {
  const known = error instanceof UsageError;
  console.error(`main.mjs: ${known ? error.message : (error.stack ?? error)}`);
  if (known) console.error("Run with --help for all options.");
  else if (error.code === "EACCES" || error.code === "ENOTDIR") console.error("Choose another folder with --out.");
  process.exitCode = known ? 2 : 1;
}
