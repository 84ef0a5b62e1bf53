import { expect, test } from "@playwright/test";
import { checkedEvent, checkedItemId } from "./validate.js";

test("an event that is well stated passes, with its quantity", () => {
  expect(checkedEvent({ type: "view", itemId: "a" })).toEqual({ type: "view", itemId: "a", quantity: 1 });
  const half = { type: "purchase", itemId: "cheese", quantity: 0.5 };
  expect(checkedEvent(half)).toEqual(half);
});

for (const [event, message] of [
  [undefined, /type undefined/],
  [{ type: "look", itemId: "a" }, /type "look" is none of view/],
  [{ type: "view" }, /itemId undefined is no text/],
  [{ type: "view", itemId: "" }, /itemId "" is no text/],
  [{ type: "view", itemId: 42 }, /itemId 42 is no text: write it in quotes/],
  [{ type: "view", itemId: "a", quantity: NaN }, /quantity NaN/],
  [{ type: "view", itemId: "a", quantity: Infinity }, /quantity Infinity/],
  [{ type: "view", itemId: "a", quantity: 0 }, /quantity 0/],
  [{ type: "view", itemId: "a", quantity: "2" }, /quantity "2"/],
  [{ type: "view", itemId: "a", quantity: null }, /quantity null/],
] as const) {
  const { itemId, quantity } = { itemId: "none", quantity: "none", ...event };
  test(`an event with item ${itemId} and quantity ${String(quantity)} is refused: ${message.source}`, () => {
    expect(() => checkedEvent(event)).toThrow(message);
    expect(() => checkedEvent(event)).toThrow(expect.objectContaining({ code: "request-invalid" }));
  });
}

test("an item's id is a text", () => {
  expect(checkedItemId("42")).toBe("42");
  expect(() => checkedItemId(42)).toThrow(/write it in quotes/);
});
