/** Searches of one catalogue in one page, taking turns. `tests/bench/retrieve.mjs` calls `measure`. */

import { closest, draw, recall, stored } from "./data.mjs";
import { SEARCHES } from "./searches.mjs";

const K = 20;
/** Browsers' clocks tell tenths of a millisecond: so many are timed at once, at least. */
const AT_LEAST_MILLIS = 10;
let data;
let wanted;
let sessions = [];

async function timed(work) {
  const begin = performance.now();
  const value = await work();
  return [performance.now() - begin, value];
}

/** Draws a catalogue. Resolves to what storing it as bytes loses. */
async function start(count, dimensions) {
  sessions = [];
  data = draw(count, dimensions);
  const rows = stored(data);
  const passes = (row) => ((data.wanted[row >> 5] >> (row & 31)) & 1) === 1;
  wanted = { search: closest(rows, data, K), filtered: closest(rows, data, K, passes) };
  const rounding = recall(wanted.search, closest(data.vectors, data, K));
  data.vectors = undefined;
  return rounding;
}

/** Opens one search. Resolves to the reason where that fails. */
async function open(name) {
  try {
    const [createMillis, made] = await timed(() => SEARCHES[name](data, K));
    for (const way of ["search", "filtered"].filter((way) => way in made)) {
      const run = made[way];
      const found = [];
      for (const query of data.queries) {
        const answer = await run(query);
        found.push(name === "read" ? [] : [...answer]);
      }
      const [millis] = await timed(async () => {
        for (const query of data.queries) await run(query);
      });
      const batch = Math.max(1, Math.ceil((AT_LEAST_MILLIS * data.queries.length) / Math.max(millis, 0.1)));
      const quality = name === "read" ? undefined : recall(found, wanted[way]);
      sessions.push({ name, way, run, batch, createMillis, recall: quality, samples: [] });
    }
    return undefined;
  } catch (error) {
    return error?.message ?? String(error);
  }
}

/** One turn of every search; `round` decides which begins. */
async function turn(round) {
  for (let i = 0; i < sessions.length; i++) {
    const { run, batch, samples } = sessions[(i + round) % sessions.length];
    const [millis] = await timed(async () => {
      for (let at = 0; at < batch; at++) {
        const pending = run(data.queries[(round * batch + at) % data.queries.length]);
        // A turn of the event loop is none of a search that doesn't take one.
        if (pending instanceof Promise) await pending;
      }
    });
    samples.push(millis / batch);
  }
}

const results = () => sessions.map(({ run: _run, ...rest }) => rest);

globalThis.measure = { start, open, turn, results };
