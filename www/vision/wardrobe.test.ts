import { expect, test } from "@playwright/test";
import type { Place } from "./session.js";
import type { GarmentCategory, Slot } from "./types.js";
import type { Piece } from "./view.js";
import { Wardrobe } from "./wardrobe.js";

const PIXELS = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

/** A wardrobe in whose room a top is worn, and what it asks of the room. */
function wearing(wear: (as: GarmentCategory | undefined) => Slot) {
  const asked: string[] = [];
  const failed: unknown[] = [];
  let done: Promise<unknown> = Promise.resolve();
  const worn = new Set<Slot>(["top"]);
  const room = {
    edit: (edits: readonly { do: string; slot: Slot }[]) => {
      for (const { do: what, slot } of edits) asked.push(`${what} ${slot}`);
    },
    wear: (_: unknown, as: GarmentCategory | undefined) =>
      Promise.resolve().then(() => {
        const slot = wear(as);
        asked.push(`wear ${as ?? ""}`);
        worn.add(slot);
        return { slot, worn: [...worn].map((one) => ({ slot: one })) };
      }),
  };
  const work = {
    turn: 0,
    look: (task: () => Promise<void>) => {
      done = Promise.all([done, task().catch((cause: unknown) => failed.push(cause))]);
      return done;
    },
  };
  const place = { around: { client: {}, changed: () => undefined }, room, work, studio: undefined, told: () => undefined };
  const wardrobe = new Wardrobe(place as unknown as Place);
  const piece = (pixels: Piece["pixels"]): Piece => ({ title: "mine", item: undefined, as: undefined, pixels });
  const put = (one: Piece) => {
    wardrobe.pieces = new Map([["top", one]]);
    wardrobe.current = "top";
  };
  put(piece(() => Promise.resolve(PIXELS)));
  return { wardrobe, asked, failed, put, piece, settled: () => done };
}

test("a piece worn as something else leaves its place once it is put on, not before", async () => {
  const { wardrobe, asked, settled } = wearing(() => "outer");
  wardrobe.wearAs("outwear");
  await settled();
  expect(asked).toEqual(["wear outwear", "remove top"]);
  expect([...wardrobe.pieces.keys()]).toEqual(["outer"]);
  expect(wardrobe.current).toBe("outer");
});

test("a piece worn as something else in the same place stays there", async () => {
  const { wardrobe, asked, settled } = wearing(() => "top");
  wardrobe.wearAs("shirt");
  await settled();
  expect(asked).toEqual(["wear shirt"]);
  expect(wardrobe.pieces.get("top")?.as).toBe("shirt");
});

test("a piece that can't be worn as something else is not lost", async () => {
  const { wardrobe, asked, failed, settled } = wearing(() => {
    throw new Error("no landmarks");
  });
  const before = wardrobe.pieces.get("top");
  wardrobe.wearAs("outwear");
  await settled();
  expect(failed).toHaveLength(1);
  expect(asked).toEqual([]);
  expect(wardrobe.pieces.get("top")).toBe(before);
});

test("a piece that was taken off or exchanged while its picture was read is not worn again", async () => {
  const { wardrobe, asked, put, piece, settled } = wearing(() => "outer");
  wardrobe.wearAs("outwear");
  wardrobe.takeOff("top");
  await settled();
  expect(asked).toEqual(["remove top"]);
  put(piece(() => Promise.resolve(PIXELS)));
  wardrobe.wearAs("outwear");
  const other = piece(() => Promise.resolve(PIXELS));
  put(other);
  await settled();
  expect(asked).toEqual(["remove top"]);
  expect(wardrobe.pieces.get("top")).toBe(other);
});

test("of two wishes what a piece is worn as, the last one counts, however long the first one's picture takes", async () => {
  const { wardrobe, asked, put, piece, settled } = wearing(() => "top");
  const waits = [new Promise((later) => setTimeout(later, 20)), Promise.resolve()];
  put(piece(async () => (await waits.shift(), PIXELS)));
  wardrobe.wearAs("shirt");
  wardrobe.wearAs("t-shirt");
  await settled();
  expect(asked).toEqual(["wear t-shirt"]);
});
