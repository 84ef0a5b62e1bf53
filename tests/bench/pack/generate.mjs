/**
 * A large shop that nobody has: items, and events whose items are drawn by Zipf's law.
 *
 * Sessions stay around one item for a while, as shoppers do, so that neighbours exist; some sessions are a robot's and
 * see thousands of items. Everything is drawn from a seed and written as it is drawn.
 */

import { closeSync, openSync, writeSync } from "node:fs";

const KINDS = ["view", "view", "view", "view", "view", "view", "view", "add_to_cart", "add_to_cart", "purchase"];
const DAY_SECONDS = 86_400;
const NEWEST_SECONDS = 1_780_000_000;
/** Items next to each other in demand are so many apart in the catalogue. */
export const SPREAD = 7919;

/** Numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws ranks from 0 to `count - 1`, rank r with a weight of 1 / (r + 1)^exponent. */
export function zipf(count, exponent, next) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return () => {
    const wanted = next() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Lines to a file, a piece at a time. */
function writer(path) {
  const file = openSync(path, "w");
  let lines = [];
  let length = 0;
  const flush = () => {
    writeSync(file, lines.join(""));
    lines = [];
    length = 0;
  };
  return {
    line(text) {
      lines.push(text, "\n");
      length += text.length + 1;
      if (length > 1 << 20) flush();
    },
    end() {
      flush();
      closeSync(file);
    },
  };
}

/** Writes a catalogue of `count` items. */
export function writeItems(path, count, seed) {
  const next = random(seed);
  const pick = (words) => words[Math.floor(next() * words.length)];
  const colours = ["Red", "Blue", "Green", "Black", "White", "Grey", "Beige", "Navy"];
  const things = ["dress", "lamp", "kettle", "jacket", "mug", "rug", "chair", "shirt", "boots", "scarf"];
  const makers = Array.from({ length: 2000 }, (_, number) => `Maker ${number}`);
  const out = writer(path);
  out.line("id,title,brand,category,price,availability");
  for (let item = 0; item < count; item++) {
    const thing = pick(things);
    const price = (5 + next() * 200).toFixed(2);
    out.line(`i${item},${pick(colours)} ${thing} ${item},${pick(makers)},Shop > ${thing} > Kind ${item % 97},${price} GBP,in stock`);
  }
  out.end();
}

/**
 * Steps of somebody who stays around one item for a while, then around another.
 *
 * @returns {() => {kind: string, item: string}}
 */
export function stroll(items, next, rank) {
  let around = rank();
  return () => {
    if (next() < 0.3) around = rank();
    const near = Math.min(items - 1, around + Math.floor(next() * 8));
    const kind = KINDS[Math.floor(next() * KINDS.length)];
    // Ranks are spread over the catalogue, which is in nobody's order of demand.
    return { kind, item: `i${(near * SPREAD) % items}` };
  };
}

/**
 * Writes `count` events over half a year.
 *
 * @returns {{sessions: number, longest: number}}
 */
export function writeEvents(path, items, count, { seed, exponent = 1, robots = 20, robotEvents = 20_000 }) {
  const next = random(seed + 1);
  const rank = zipf(items, exponent, next);
  const out = writer(path);
  out.line("session,event,item_id,time");
  let [written, sessions, longest] = [0, 0, 0];
  const session = (events) => {
    let time = NEWEST_SECONDS - Math.floor(next() * 180) * DAY_SECONDS - Math.floor(next() * DAY_SECONDS);
    const step = stroll(items, next, rank);
    for (let event = 0; event < events && written < count; event++, written++) {
      const { kind, item } = step();
      out.line(`s${sessions},${kind},${item},${time}`);
      time += 20 + Math.floor(next() * 200);
    }
    longest = Math.max(longest, events);
    sessions++;
  };
  const robotsHere = Math.min(robots, Math.floor(count / (robotEvents * 4)));
  for (let robot = 0; robot < robotsHere; robot++) session(robotEvents);
  // Geometric lengths with a mean of about eight.
  while (written < count) session(1 + Math.floor(Math.log(1 - next()) / Math.log(1 - 1 / 8)));
  out.end();
  return { sessions, longest };
}
