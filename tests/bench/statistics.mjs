/** Figures of samples. */

/** The value below which `part` (0 to 1) of the samples lie; samples needn't be sorted. */
export function quantile(samples, part) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/** The middle sample; of two middle ones the higher. */
export function median(samples) {
  return quantile(samples, 0.5);
}

/**
 * How far `found` lies from `reference`.
 * @returns {{absolute: number, relative: number, cosine: number}} the largest difference, the same as a part of the
 *   largest reference value, and the cosine of the angle between both
 */
export function difference(found, reference) {
  if (found.length !== reference.length) throw new Error(`${found.length} values, expected ${reference.length}`);
  let [absolute, largest, product, squares, referenceSquares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < found.length; i++) {
    const [a, b] = [Number(found[i]), Number(reference[i])];
    // `Math.max` keeps a NaN, as comparisons wouldn't: it must not pass for agreement.
    absolute = Math.max(absolute, Math.abs(a - b));
    largest = Math.max(largest, Math.abs(b));
    product += a * b;
    squares += a * a;
    referenceSquares += b * b;
  }
  const lengths = Math.sqrt(squares * referenceSquares);
  return { absolute, relative: absolute === 0 ? 0 : absolute / largest, cosine: absolute === 0 ? 1 : product / lengths };
}
