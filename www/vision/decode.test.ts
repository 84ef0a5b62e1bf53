import { expect, test } from "@playwright/test";
import type { VisionHost } from "../worker/protocol.js";
import { decodePicture } from "./decode.js";
import { failure } from "./words.js";

test("what fails in the worker is told as it is, not as a damaged picture", async () => {
  for (const code of ["internal", "wasm-unavailable", "undecodable"]) {
    const host = { header: () => Promise.resolve({ error: { code, message: "why" } }) } as unknown as VisionHost;
    const thrown: unknown = await decodePicture(host, new Blob(["x"]), 10).catch((cause: unknown) => cause);
    expect(failure(thrown)).toEqual({ code, message: "why" });
  }
});
