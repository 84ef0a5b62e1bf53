import { expect, test } from "@playwright/test";
import { Vision } from "./vision.js";

test("a file that can't be read any more is one that can't be decoded; a module that didn't start is none of its faults", async () => {
  const gone = { arrayBuffer: () => Promise.reject(new DOMException("moved", "NotReadableError")) } as unknown as File;
  expect(await new Vision().header(gone)).toMatchObject({ error: { code: "undecodable" } });
  expect(await new Vision().header(new File(["x"], "a.png"))).toMatchObject({ error: { code: "internal" } });
});
