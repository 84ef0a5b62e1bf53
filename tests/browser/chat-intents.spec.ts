/**
 * By the encoder's embeddings of wasm and of WebGPU (its software adapter) the head takes everyday messages for what it takes them for by
 * ONNX Runtime's; `tests/golden/chat.rs` asks natively, the whole way from the text.
 */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { softwareGpu } from "./gpu";
import { expect, test } from "./test";

const ROOT = resolve(__dirname, "../..");

interface Message {
  readonly text: string;
  readonly intent: string;
  readonly ids: number[];
  readonly scores_without_encoder: number[];
}

interface HeadFile {
  readonly classes: string[];
  readonly scales: number[];
  readonly weights: string;
  readonly dim: number;
  readonly embedding_length: number;
}

const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
const messages = json("tests/golden/chat-intents.json") as Message[];
const head = json("models/chat-encoder/head.json") as HeadFile;

test.use(softwareGpu);

/** Embeddings of all messages on a backend, and where they ran. */
function embedded(page: Page, backend: "cpu" | "gpu"): Promise<{ embeddings: number[][]; backend: string; rescued: number }> {
  return page.evaluate(
    async ({ ids, backend }) => {
      const model = await window.nearshelf.openModel("/models/chat.onnx", { bind: { units: { min: 1, max: 40 } }, backend });
      const embeddings: number[][] = [];
      for (const of of ids) {
        const { embedding } = await model.run({ ids: new Int32Array(of) });
        embeddings.push(Array.from(embedding ?? []));
      }
      const status = await model.backend();
      await model.close();
      return { embeddings, backend: status.backend, rescued: status.rescued };
    },
    { ids: messages.map(({ ids }) => ids), backend },
  );
}

/** The likeliest intent: the encoder's part of the head's scores is added to what its n-grams say. */
function likeliest(embedding: readonly number[], { scores_without_encoder: plain }: Message): string | undefined {
  const weights = new Int8Array(Buffer.from(head.weights, "base64"));
  const classes = head.classes.length;
  const first = weights.length / classes - 1 - head.dim;
  const scores = plain.map((score, place) => {
    const products = embedding.map((value, at) => value * (weights[(first + at) * classes + place] ?? NaN));
    return score + head.embedding_length * (head.scales[place] ?? NaN) * products.reduce((sum, product) => sum + product, 0);
  });
  return head.classes[scores.indexOf(Math.max(...scores))];
}

for (const backend of ["cpu", "gpu"] as const) {
  test(`the encoder tells everyday messages apart on the ${backend} as ONNX Runtime does`, async ({ page, shop }) => {
    test.slow();
    shop.site.file("/models/chat.onnx", readFileSync(join(ROOT, "models/chat-encoder/model.q8.onnx")));
    await shop.visit(page, "");
    const found = await embedded(page, backend);
    expect(found).toMatchObject({ backend, rescued: 0 });
    for (const embedding of found.embeddings) expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
    expect(messages.map((message, at) => [message.text, likeliest(found.embeddings[at] ?? [], message)])).toEqual(
      messages.map(({ text, intent }) => [text, intent]),
    );
  });
}
