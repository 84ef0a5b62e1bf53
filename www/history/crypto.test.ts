import { expect, test } from "@playwright/test";
import { newKey, open, seal } from "./crypto.js";

const EVENT = { type: "event", itemId: "dress-1" };

test("what was sealed opens again", async () => {
  const key = await newKey();
  expect(await open(key, await seal(key, "a", EVENT))).toEqual({ value: EVENT });
});

test("another key opens nothing", async () => {
  const sealed = await seal(await newKey(), "a", EVENT);
  expect(await open(await newKey(), sealed)).toBeUndefined();
});

test("a record under another id opens nothing", async () => {
  const key = await newKey();
  expect(await open(key, { ...(await seal(key, "a", EVENT)), id: "b" })).toBeUndefined();
});

test("a flipped bit opens nothing", async () => {
  const key = await newKey();
  const sealed = await seal(key, "a", EVENT);
  const bytes = new Uint8Array(sealed.ciphertext);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  expect(await open(key, sealed)).toBeUndefined();
});

test("an empty ciphertext opens nothing", async () => {
  const key = await newKey();
  expect(await open(key, { ...(await seal(key, "a", EVENT)), ciphertext: new ArrayBuffer(0) })).toBeUndefined();
});

test("the key can't be exported, and no two nonces are the same", async () => {
  const key = await newKey();
  await expect(crypto.subtle.exportKey("raw", key.key)).rejects.toThrow();
  const [first, second] = [await seal(key, "a", EVENT), await seal(key, "a", EVENT)];
  expect(first.iv).not.toEqual(second.iv);
  expect(new TextDecoder().decode(first.ciphertext)).not.toContain("dress");
});
