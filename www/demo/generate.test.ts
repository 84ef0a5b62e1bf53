/** The generator as it is called: by its command. */
import { expect, test } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("demo/generate/main.mjs");
/** What a drawing may weigh; the average is well below. */
const MOST_SVG_BYTES = 4096;

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nearshelf-demo-"));
});
test.afterAll(() => rmSync(folder, { recursive: true }));

function generate(...options: string[]) {
  return spawnSync(process.execPath, [MAIN, ...options], { encoding: "utf8" });
}

/** Hash of all files in a folder, by name. */
function fingerprint(out: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(out, { recursive: true, encoding: "utf8" }).sort();
  for (const name of names) if (/\.(csv|svg)$/.test(name)) hash.update(name).update(readFileSync(join(out, name)));
  return hash.digest("hex");
}

test("the same seed gives the same files, another seed others", () => {
  const [one, same, other] = ["one", "same", "other"].map((name) => join(folder, name)) as [string, string, string];
  for (const [out, seed] of [[one, "7"], [same, "7"], [other, "8"]] as const) {
    expect(generate("--items", "60", "--sessions", "40", "--seed", seed, "--out", out).status).toBe(0);
  }
  expect(fingerprint(one)).toBe(fingerprint(same));
  expect(fingerprint(one)).not.toBe(fingerprint(other));
});

test("shoppers do the same on every machine, to the byte", () => {
  const out = join(folder, "everywhere");
  generate("--items", "60", "--sessions", "40", "--out", out);
  const events = createHash("sha256").update(readFileSync(join(out, "events.csv"))).digest("hex");
  // Changes with the shop's goods and with the simulation: then write down the new one.
  expect(events).toBe("b7fa5fc90808529365ff69e92298bc3b0c3d66fa89453c07c681e79fe83b6b71");
});

test("powers and logarithms are Math's but for the last places", async () => {
  const exact = (await import([".", "generate", "exact.mjs"].join("/"))) as Record<
    "exp" | "ln" | "power" | "cosineOfTurns",
    (...numbers: number[]) => number
  >;
  for (let x = -30; x < 30; x += 0.37) expect(exact.exp(x) / Math.exp(x)).toBeCloseTo(1, 12);
  for (let x = 0.01; x < 90; x *= 1.3) expect(exact.ln(x)).toBeCloseTo(Math.log(x), 12);
  for (let x = 0; x <= 1; x += 0.03) {
    expect(exact.power(x, 1.25)).toBeCloseTo(x ** 1.25, 12);
    expect(exact.cosineOfTurns(x)).toBeCloseTo(Math.cos(2 * Math.PI * x), 12);
  }
});

test("each item has its row in two languages and a clean, small drawing", () => {
  const out = join(folder, "shop");
  expect(generate("--items", "480", "--sessions", "10", "--out", out).status).toBe(0);
  const [header = "", ...rows] = readFileSync(join(out, "catalogue.csv"), "utf8").trim().split("\n");
  for (const column of ["id", "group_id", "title", "title:zh-CN", "category:zh-CN", "price", "attr:color:zh-CN"]) {
    expect(header.split(",")).toContain(column);
  }
  expect(rows).toHaveLength(480);
  expect(new Set(rows.map((row) => row.split(",", 1)[0])).size).toBe(480);
  const drawings = readdirSync(join(out, "images"));
  expect(drawings).toHaveLength(480);
  for (const name of drawings) {
    const svg = readFileSync(join(out, "images", name), "utf8");
    expect(svg.length, name).toBeLessThan(MOST_SVG_BYTES);
    expect(svg, name).not.toMatch(/NaN|undefined|<script|<style|href="[^#]|[^\x20-\x7e]/);
  }
});

test("events speak of items in the catalogue, in order of time", () => {
  const out = join(folder, "events");
  generate("--items", "60", "--sessions", "200", "--out", out);
  const ids = new Set(readFileSync(join(out, "catalogue.csv"), "utf8").split("\n").map((row) => row.split(",", 1)[0]));
  const events = readFileSync(join(out, "events.csv"), "utf8").trim().split("\n").slice(1).map((row) => row.split(","));
  expect(events.length).toBeGreaterThan(200);
  for (const [, , id] of events) expect(ids).toContain(id);
  const times = events.map(([, , , time]) => time ?? "");
  expect(times).toEqual([...times].sort());
});

for (const [wrong, message] of [
  [[], /--out DIR is missing/],
  [["--out", "x", "--items", "0"], /whole number from 24 to 4000/],
  [["--out", "x", "--seed", "-1"], /seed/],
  [["--out", "x", "--colour", "blue"], /colour/],
] as const) {
  test(`"${wrong.join(" ")}" is refused with the way to mend it`, () => {
    const { status, stderr } = generate(...wrong);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain("--help");
  });
}
