/** Seeded randomness: the same seed gives the same shop on every machine. */

import { cosineOfTurns, ln } from "./exact.mjs";

/** 32-bit FNV-1a of a string; used to derive independent streams from names. */
export function hash(text) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A stream of numbers (mulberry32) with the draws that the generator needs. */
export class Rng {
  #state;

  /** @param {number} seed 32-bit unsigned */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** An independent stream named `name`: adding a draw in one place does not shift another. */
  static named(seed, name) {
    return new Rng((hash(name) ^ Math.imul(seed, 0x9e3779b1)) >>> 0);
  }

  /** Uniform in [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Whole number in [low, high]. */
  int(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** Standard normal (Box–Muller). */
  normal() {
    const radius = Math.sqrt(-2 * ln(1 - this.next()));
    return radius * cosineOfTurns(this.next());
  }

  /** An index, drawn in proportion to `weights`; -1 when they sum to zero. */
  weightedIndex(weights) {
    let total = 0;
    for (const weight of weights) total += weight;
    if (!(total > 0)) return -1;
    let left = this.next() * total;
    for (let i = 0; i < weights.length; i += 1) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  /** A key of `table` (key → weight), drawn in proportion to its weight. */
  weightedKey(table) {
    const keys = Object.keys(table);
    return keys[this.weightedIndex(keys.map((key) => table[key]))];
  }

  /** `count` different members of `list`, in random order. */
  sample(list, count) {
    const left = [...list];
    const out = [];
    while (out.length < count && left.length > 0) {
      out.push(...left.splice(Math.floor(this.next() * left.length), 1));
    }
    return out;
  }
}
