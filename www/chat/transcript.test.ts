import { expect, test } from "@playwright/test";
import { majorUnits } from "./items.js";
import { exported, KeptTranscript, type Turn } from "./transcript.js";

const turns: readonly Turn[] = [
  { by: "shopper", text: "<b>red</b> shoes?", cut: false },
  { by: "shop", locale: "en", parts: [{ intent: "find_product", text: "Here.", links: [], action: { kind: "none" }, items: undefined }], replies: [] },
];

test("an exported conversation says who said what, as it was typed", () => {
  const { turns: said } = JSON.parse(exported(turns)) as { turns: { by: string; text?: string }[] };
  expect(said.map(({ by }) => by)).toEqual(["shopper", "shop"]);
  expect(said[0]?.text).toBe("<b>red</b> shoes?");
});

test("where there is no storage nothing is kept, and nothing fails", () => {
  const kept = new KeptTranscript("https://shop.example/nearshelf/");
  kept.write(turns, undefined);
  expect(kept.read()).toBeUndefined();
  kept.erase();
});

test("amounts are those that people say, in currencies of any number of decimals", () => {
  expect(majorUnits({ minorUnits: 1299, currency: "GBP" })).toBe(12.99);
  expect(majorUnits({ minorUnits: 1200, currency: "JPY" })).toBe(1200);
  expect(majorUnits({ minorUnits: 1299, currency: "???" })).toBe(12.99);
});
