import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

/** What `pattern` captures in a file of the repository, sorted. */
function found(path: string, pattern: RegExp): string[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  return [...text.matchAll(pattern)].flatMap(([, captured]) => captured ?? []).sort();
}

const typed = found("www/client/error.ts", /^ {2}\| "([a-z-]+)"$/gm);

test("every code that the type names is documented, and no other", () => {
  const cells = found("docs/errors.md", /^\| (`[^|]+`) \|/gm);
  const documented = cells.flatMap((cell) => cell.split(", ").map((code) => code.replaceAll("`", "")));
  expect(documented.sort()).toEqual(typed);
});

test("every code that the compiler may throw is among them", () => {
  const thrown = found("src/onnx/error.rs", /=> "([a-z-]+)",$/gm);
  expect(thrown).toContain("not-onnx");
  // Pages can't fix inputs.
  expect(thrown.filter((code) => code !== "bad-fix" && !typed.includes(code))).toEqual([]);
});
