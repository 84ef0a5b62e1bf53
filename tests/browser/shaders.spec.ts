/** Every shader in the compiler of a real browser: what naga lets pass, Chromium may not. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "./test";
import { softwareGpu } from "./gpu";

/** `cargo test -p nearshelf-webgpu` writes them. */
const SHADERS = resolve(__dirname, "../../build/shaders");

test.use(softwareGpu);

test("every shader is valid in Chromium, too", async ({ page, shop }) => {
  const names = readdirSync(SHADERS).filter((name) => name.endsWith(".wgsl"));
  expect(names.length).toBeGreaterThan(10);
  const texts = names.map((name) => [name, readFileSync(join(SHADERS, name), "utf8")] as const);
  await shop.visit(page, "");
  const messages = await page.evaluate(async (texts) => {
    interface Device {
      createShaderModule(descriptor: { code: string }): {
        getCompilationInfo(): Promise<{ messages: readonly { type: string; lineNum: number; message: string }[] }>;
      };
    }
    type Adapter = { requestDevice(descriptor: { requiredFeatures: string[] }): Promise<Device> } | null;
    const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<Adapter> } };
    const device = await (await gpu.requestAdapter())?.requestDevice({ requiredFeatures: ["subgroups"] });
    if (!device) return ["no device"];
    const all = texts.map(async ([name, code]) => {
      const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
      return messages.filter(({ type }) => type === "error").map(({ lineNum, message }) => `${name}:${lineNum}: ${message}`);
    });
    return (await Promise.all(all)).flat();
  }, texts);
  expect(messages).toEqual([]);
});
