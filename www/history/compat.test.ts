/** A history of format 1, as the first version of the widget stored it: later versions open it too. */

import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { open } from "./crypto.js";
import { parseRecord, parseSettings } from "./records.js";

/** IndexedDB as JSON: bytes in base64, and the key, which no real database lets out, raw. */
interface Fixture {
  readonly key: { readonly keyId: string; readonly raw: string };
  readonly records: readonly { readonly id: string; readonly iv: string; readonly ciphertext: string }[];
  readonly settings: unknown;
}

const FIXTURE = JSON.parse(readFileSync(resolve("../tests/compat/history-v1.json"), "utf8")) as Fixture;

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

test("a history of format 1 from its first day is still read", async () => {
  const { keyId, raw } = FIXTURE.key;
  const key = await crypto.subtle.importKey("raw", bytes(raw), "AES-GCM", false, ["decrypt"]);
  const records = await Promise.all(
    FIXTURE.records.map(async ({ id, iv, ciphertext }) => {
      const opened = await open({ keyId, key }, { id, iv: bytes(iv), ciphertext: bytes(ciphertext).buffer });
      return parseRecord(id, opened?.value);
    }),
  );
  const timeMillis = Date.UTC(2026, 0, 2, 3, 4, 5);
  expect(records).toEqual([
    { type: "event", id: "event-1", event: "view", itemId: "SKU-1042", timeMillis, quantity: 1 },
    { type: "event", id: "event-2", event: "purchase", itemId: "连衣裙/7", timeMillis: timeMillis + 1, quantity: 2.5 },
    { type: "not-interested", id: "hidden-1", itemId: "SKU-7", timeMillis },
  ]);
  expect(parseSettings(FIXTURE.settings)).toEqual({ paused: true, retentionDays: 30 });
});
