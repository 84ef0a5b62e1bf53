/** The cases that `tests/gpu` has written, run through the client. */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "./test";
import type { Site } from "./site";

const FOLDER = resolve(__dirname, "../../build/gpu-cases");

interface Tensor {
  readonly name: string;
  readonly dtype: "float32" | "int32" | "int8" | "uint8";
  readonly shape: readonly number[];
  /** Where it begins in the suite's other file. */
  readonly at: number;
  readonly rtol: number;
  readonly atol: number;
}

/** A plan with inputs and what has to come out, as `tests/gpu/export.rs` lists it. */
export interface Case {
  readonly name: string;
  readonly subject: string;
  /** Why it may differ. */
  readonly exception: string | null;
  /** It does so on Mesa's lavapipe alone, which browsers don't use. */
  readonly is_of_lavapipe: boolean;
  readonly plan: readonly [at: number, bytes: number];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** How far results are from what is wanted: the largest difference, and as a part of the largest number wanted. */
export interface Difference {
  readonly absolute: number;
  readonly relative: number;
}

export interface Outcome {
  readonly name: string;
  readonly subject: string;
  /** What is wrong; `undefined` where it agrees. */
  readonly wrong: string | undefined;
  /** Absent where it gave no results to compare. */
  readonly difference: Difference | undefined;
}

/** Cases in one go: between goes the test learns how far it is. */
const CASES_A_GO = 50;

/** A suite's cases. Pages of the site find them below `/cases/`. */
export function suite(name: string, site: Site): readonly Case[] {
  const [list, data] = [`${name}.json`, `${name}.bin`].map((file) => join(FOLDER, file));
  if (!list || !data || !existsSync(list)) throw new Error(`${FOLDER} lacks ${name}: ./build.sh test writes it`);
  site.file(`/cases/${name}.bin`, readFileSync(data));
  return JSON.parse(readFileSync(list, "utf8")) as Case[];
}

/** Runs cases on one backend, in a page that has the client; tells what its adapter is called. */
export async function run(page: Page, name: string, cases: readonly Case[], backend: "cpu" | "gpu"): Promise<{ adapter: string; outcomes: Outcome[] }> {
  await page.evaluate(async (path) => {
    const data = await (await fetch(path)).arrayBuffer();
    Object.assign(window, { data });
  }, `/cases/${name}.bin`);
  const outcomes: Outcome[] = [];
  let adapter = "";
  for (let from = 0; from < cases.length; from += CASES_A_GO) {
    const go = await page.evaluate(inPage, { cases: cases.slice(from, from + CASES_A_GO), backend });
    adapter = go.adapter || adapter;
    outcomes.push(...go.outcomes);
  }
  return { adapter, outcomes };
}

/** What has to agree and doesn't. */
export function failures(cases: readonly Case[], outcomes: readonly Outcome[]): string[] {
  expect(outcomes.length).toBe(cases.length);
  const excepted = new Set(cases.filter(({ exception, is_of_lavapipe }) => exception !== null && !is_of_lavapipe).map(({ name }) => name));
  return outcomes.filter(({ name, wrong }) => wrong !== undefined && !excepted.has(name)).map(({ name, wrong }) => `${name}: ${wrong}`);
}

/** Runs in the page: it may use nothing of this file. */
async function inPage({ cases, backend }: { cases: readonly Case[]; backend: "cpu" | "gpu" }): Promise<{ adapter: string; outcomes: Outcome[] }> {
  const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
  let adapter = "";
  const { data } = window as unknown as { data: ArrayBuffer };
  // A copy: with a part of a buffer all of it would go to the worker.
  const array = ({ dtype, shape, at }: Tensor) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const kind = kinds[dtype];
    return new kind(data.slice(at, at + count * kind.BYTES_PER_ELEMENT));
  };
  const gap = (found: number, wanted: number) => {
    if (found === wanted || (Number.isNaN(found) && Number.isNaN(wanted))) return 0;
    const gap = Math.abs(found - wanted);
    return Number.isNaN(gap) ? Infinity : gap;
  };
  const attempt = async ({ plan: [at, bytes], inputs, outputs }: Case): Promise<Omit<Outcome, "name" | "subject">> => {
    const model = await window.nearshelf.openModel(new Uint8Array(data.slice(at, at + bytes)), { backend });
    try {
      const given = inputs.map((input) => [input.name, { data: array(input), shape: input.shape }] as const);
      const found = await model.run(Object.fromEntries(given));
      const status = await model.backend();
      adapter = status.adapter ?? adapter;
      if (status.backend !== backend || status.rescued > 0) return { wrong: status.reason, difference: undefined };
      let wrong: string | undefined;
      let [absolute, relative] = [0, 0];
      for (const output of outputs) {
        const { name, shape, rtol, atol } = output;
        const wanted = array(output);
        const answer = found[name] as unknown as { data: typeof wanted; shape: readonly number[] } | typeof wanted | undefined;
        const values = answer && "data" in answer ? answer.data : answer;
        const isShaped = !answer || !("data" in answer) || answer.shape.join() === shape.join();
        if (values?.constructor !== wanted.constructor || values.length !== wanted.length || !isShaped) {
          return { wrong: `${name} is of another type or shape`, difference: undefined };
        }
        let largest = 0;
        let own = 0;
        wanted.forEach((value, at) => {
          const distance = gap(values[at] ?? NaN, value);
          if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
          own = Math.max(own, distance);
          const isOut = distance > 0 && !(Number.isFinite(value) && distance <= atol + rtol * Math.abs(value));
          if (isOut) wrong ??= `${name} has ${values[at]} instead of ${value} in element ${at}`;
        });
        absolute = Math.max(absolute, own);
        relative = Math.max(relative, own === 0 ? 0 : own / largest);
      }
      return { wrong, difference: { absolute, relative } };
    } finally {
      await model.close();
    }
  };
  const outcomes: Outcome[] = [];
  for (const one of cases) {
    const { name, subject } = one;
    try {
      outcomes.push({ name, subject, ...(await attempt(one)) });
    } catch (cause) {
      outcomes.push({ name, subject, wrong: String(cause), difference: undefined });
    }
  }
  return { adapter, outcomes };
}
