/** The fastest kernels against the scalar ones, with the SIMD that this browser has. */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";

const BUILT = resolve(__dirname, "../../build/parity");

/** What `tests/parity/wasm.rs` exports. */
interface Parity {
  readonly memory: WebAssembly.Memory;
  count(): number;
  name(number: number): void;
  check(number: number): void;
  text(): number;
  text_bytes(): number;
}

/** Every case by its name, with what doesn't hold in it. */
function outcomes(page: Page, wasm: Buffer): Promise<Record<string, string>> {
  return page.evaluate(async (base64) => {
    const module = await WebAssembly.compile(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
    // An instance each: one that has trapped is not used again.
    const instance = async () => (await WebAssembly.instantiate(module)).exports as unknown as Parity;
    const text = ({ memory, text, text_bytes }: Parity) =>
      new TextDecoder().decode(new Uint8Array(memory.buffer, text(), text_bytes()));
    const outcomes: Record<string, string> = {};
    for (let number = 0, count = (await instance()).count(); number < count; number += 1) {
      const parity = await instance();
      parity.name(number);
      const name = text(parity);
      outcomes[name] = "holds";
      try {
        parity.check(number);
      } catch (trap) {
        outcomes[name] = `${text(parity)} (${String(trap)})`;
      }
    }
    return outcomes;
  }, wasm.toString("base64"));
}

/** Instructions that the kernels of a build are there for: `i32x4.dot_i16x8_s`, the relaxed dot product and multiply-add. */
const DOT = [0xfd, 0xba, 0x01];
const RELAXED_DOT = [0xfd, 0x92, 0x02];
const RELAXED_MULTIPLY_ADD = [0xfd, 0x85, 0x02];

for (const { build, instructions } of [
  { build: "baseline", instructions: [DOT] },
  { build: "relaxed", instructions: [DOT, RELAXED_DOT, RELAXED_MULTIPLY_ADD] },
]) {
  test(`the fastest kernels of the ${build} build compute what the scalar ones do`, async ({ page }) => {
    const file = join(BUILT, `${build}.wasm`);
    expect(existsSync(file), `./build.sh test builds ${file}`).toBe(true);
    const wasm = readFileSync(file);
    for (const instruction of instructions) expect(wasm.includes(Buffer.from(instruction))).toBe(true);
    const found = await outcomes(page, wasm);
    expect(Object.keys(found)).toContain("products_agree_at_all_edges");
    expect(Object.entries(found).filter(([, outcome]) => outcome !== "holds")).toEqual([]);
  });
}
