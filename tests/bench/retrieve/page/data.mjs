/** Unit vectors about centres, in q8, and queries like them: the same each time. */

const QUERIES = 32;
const CENTRES = 1000;
/** Of a vector's distance from its centre, as a part of the centre's length. */
export const SPREAD = 0.5;
/** One of so many items passes the filter. */
const PASSING = 100;

/** All but normal numbers, from a seed. */
function noise(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 32;
  };
  // Four uniform numbers of variance 1/12 each.
  return { next: () => next() + 0.5, normal: () => (next() + next() + next() + next()) * Math.sqrt(3) };
}

/** @returns rows, what they were before rounding, a mask, queries. */
export function draw(count, dimensions) {
  const { next, normal } = noise(count);
  const centres = Float32Array.from({ length: CENTRES * dimensions }, normal);
  const fill = (vector) => {
    const centre = Math.floor(next() * CENTRES) * dimensions;
    let square = 0;
    for (let i = 0; i < dimensions; i++) {
      vector[i] = centres[centre + i] + SPREAD * normal();
      square += vector[i] * vector[i];
    }
    for (let i = 0; i < dimensions; i++) vector[i] /= Math.sqrt(square);
  };
  const [vectors, values, scales] = [new Float32Array(count * dimensions), new Int8Array(count * dimensions), new Float32Array(count)];
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    fill(vector);
    let largest = 0;
    for (let i = 0; i < dimensions; i++) largest = Math.max(largest, Math.abs(vector[i]));
    scales[row] = largest / 127;
    for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = Math.round(vector[i] / scales[row]);
  }
  const wanted = new Uint32Array(Math.ceil(count / 32));
  for (let row = 0; row < count; row++) if (next() * PASSING < 1) wanted[row >> 5] |= 1 << (row & 31);
  const queries = Array.from({ length: QUERIES }, () => {
    const query = new Float32Array(dimensions);
    fill(query);
    return query;
  });
  return { count, dimensions, vectors, values, scales, wanted, queries };
}

/** Rows as they are stored, in f32: what others are given. */
export function stored({ count, dimensions, values, scales }) {
  const rows = new Float32Array(count * dimensions);
  for (let row = 0, at = 0; row < count; row++) for (let i = 0; i < dimensions; i++, at++) rows[at] = values[at] * scales[row];
  return rows;
}

/** For each query the `k` rows with the largest products, of those that pass. */
export function closest(rows, { count, dimensions, queries }, k, passes = () => true) {
  return queries.map((query) => {
    const best = [];
    for (let row = 0, at = 0; row < count; row++, at += dimensions) {
      if (!passes(row)) continue;
      let score = 0;
      for (let i = 0; i < dimensions; i++) score += query[i] * rows[at + i];
      if (best.length === k && score <= best[k - 1].score) continue;
      let place = best.length;
      while (place > 0 && best[place - 1].score < score) place--;
      best.splice(place, 0, { row, score });
      best.length = Math.min(best.length, k);
    }
    return best.map(({ row }) => row);
  });
}

/** The part of `wanted`, list by list, that `found` has. */
export function recall(found, wanted) {
  const hits = wanted.map((list, query) => list.filter((row) => found[query].includes(row)).length);
  return hits.reduce((a, b) => a + b, 0) / wanted.flat().length;
}
