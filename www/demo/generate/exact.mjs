/**
 * Powers and logarithms out of `+ - * /` alone, which IEEE 754 fixes to the last bit.
 *
 * What `Math.exp` and its like answer in the last place is left to each engine, and one different weight can send a
 * simulated shopper another way.
 */

const LN2 = Math.LN2;

/** 2 to a whole number. */
function scale(exponent) {
  let factor = 1;
  for (let i = 0; i < Math.abs(exponent); i += 1) factor *= 2;
  return exponent < 0 ? 1 / factor : factor;
}

/** e to the power of `x`, for |x| up to 700. */
export function exp(x) {
  const twos = Math.round(x / LN2);
  const rest = x - twos * LN2; // within ±0.35: 20 terms are beyond the last place
  let sum = 1;
  for (let n = 20; n > 0; n -= 1) sum = 1 + (sum * rest) / n;
  return sum * scale(twos);
}

/** Natural logarithm of `x` > 0. */
export function ln(x) {
  let [rest, twos] = [x, 0];
  for (; rest > 1.5; twos += 1) rest /= 2;
  for (; rest < 0.75; twos -= 1) rest *= 2;
  // ln(rest) = 2 artanh(t), with |t| up to 0.2: 14 terms.
  const t = (rest - 1) / (rest + 1);
  let sum = 0;
  for (let n = 27; n > 0; n -= 2) sum = sum * t * t + 1 / n;
  return twos * LN2 + 2 * t * sum;
}

/** `base` ≥ 0 to a power above 0. */
export function power(base, exponent) {
  return base === 0 ? 0 : exp(exponent * ln(base));
}

/** Cosine of an angle in turns, from 0 to 1. */
export function cosineOfTurns(turns) {
  const folded = turns > 0.5 ? 1 - turns : turns; // cos is even about a half turn
  const angle = 2 * Math.PI * (folded > 0.25 ? 0.5 - folded : folded);
  let sum = 1;
  for (let n = 22; n > 0; n -= 2) sum = 1 - (sum * angle * angle) / (n * (n - 1));
  return folded > 0.25 ? -sum : sum;
}
