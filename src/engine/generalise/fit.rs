//! Expressions for numbers that are known at a few bindings.
//!
//! Tried from the plainest on: a symbol, or an extent that is there when the step is reached, as it is; multiplied,
//! shifted; a product or sum of two or three; last a quotient rounded down, where the bindings leave no doubt.

use super::Sample;
use crate::Symbol;
use crate::plan::symbols::{Expression, Factor, Number, Term};
use std::collections::HashMap;

/// Divisors tried where a quotient is rounded.
const DIVISORS: std::ops::RangeInclusive<i64> = 2..=64;
/// Largest coefficient there: with any, some quotient fits whatever numbers.
const MAX_COEFFICIENT: i64 = 4;
/// Most extents of a range for which quotients are compared.
const MAX_EXTENTS: i64 = 1 << 12;

/// What is known of each value at each of the samples.
pub(super) struct Fitter {
    symbols: Vec<Known>,
    /// Extents that differ between samples, by value.
    extents: HashMap<u32, Vec<Known>>,
    /// The first value that has such an extent.
    first: HashMap<Vec<i64>, (u32, Factor)>,
    /// Extents that are the same in all samples, of which quotients are made.
    fixed: HashMap<u32, Vec<i64>>,
}

/// A factor with its value in each sample.
#[derive(Clone)]
struct Known {
    factor: Factor,
    values: Vec<i64>,
    range: Range,
}

/// The values that a factor may take: a symbol's own, else all from 1 to twice the largest seen.
#[derive(Clone, Copy)]
struct Range {
    min: i64,
    max: i64,
    step: i64,
}

impl Range {
    /// What divides all of the values.
    fn common(self) -> i64 {
        gcd(self.min.unsigned_abs(), self.step.unsigned_abs()).cast_signed()
    }
}

/// A step: what it reads, and how many values there are before it.
pub(super) struct Reader {
    pub operands: Vec<u32>,
    pub made: u32,
}

impl Fitter {
    /// `constants` are the numbers of constants among the values: those that grow are cut from larger ones, so that
    /// their extents say nothing.
    pub(super) fn new(
        symbols: &[Symbol],
        samples: &[Sample],
        constants: std::ops::Range<usize>,
    ) -> Self {
        let symbols = symbols.iter().enumerate().map(|(number, symbol)| Known {
            factor: Factor::Symbol(number as u32),
            values: samples
                .iter()
                .map(|sample| sample.extents[number] as i64)
                .collect(),
            range: Range {
                min: i64::from(symbol.min),
                max: i64::from(symbol.max),
                step: i64::from(symbol.step),
            },
        });
        let mut fitter = Self {
            symbols: symbols.collect(),
            extents: HashMap::new(),
            first: HashMap::new(),
            fixed: HashMap::new(),
        };
        for (number, ty) in samples[0].types.iter().enumerate() {
            if constants.contains(&number) {
                continue;
            }
            let value = number as u32;
            for axis in 0..ty.shape.len() {
                let extents = samples
                    .iter()
                    .map(|sample| sample.types[number].shape.get(axis));
                let Some(values) = extents
                    .map(|e| e.map(|&e| e as i64))
                    .collect::<Option<Vec<_>>>()
                else {
                    continue;
                };
                let factor = Factor::Extent {
                    value,
                    axis: axis as u32,
                };
                if values.iter().all(|value| value == &values[0]) {
                    fitter.fixed.entry(value).or_default().push(values[0]);
                    continue;
                }
                let range = Range {
                    min: 1,
                    max: 2 * values.iter().copied().max().unwrap_or(1),
                    step: 1,
                };
                fitter
                    .first
                    .entry(values.clone())
                    .or_insert((value, factor));
                let known = Known {
                    factor,
                    values,
                    range,
                };
                fitter.extents.entry(value).or_default().push(known);
            }
        }
        fitter
    }

    /// An expression for an extent or an offset.
    pub(super) fn whole(&self, reader: &Reader, values: &[f64]) -> Option<Number> {
        self.integer(reader, &integers(values)?).map(Number::Whole)
    }

    /// An expression for a scale: an integer, or the quotient of one and an extent, to the bit.
    pub(super) fn float(&self, reader: &Reader, values: &[f64]) -> Option<Number> {
        if let Some(whole) = self.whole(reader, values) {
            return Some(whole);
        }
        let denominators = self.denominators(reader, values.len()).into_iter();
        let mut denominators = denominators.filter_map(|(denominator, below)| {
            let above = values.iter().zip(&below);
            let above = above.map(|(value, &b)| (value * b as f64).round());
            let above = integers(&above.collect::<Vec<f64>>())?;
            let mut quotients = values.iter().zip(above.iter().zip(&below));
            let is_exact = quotients.all(|(&v, (&a, &b))| f64::from(a as f32 / b as f32) == v);
            is_exact.then_some((above, denominator))
        });
        denominators.find_map(|(above, denominator)| {
            let is_fixed = above.iter().all(|value| value == &above[0]);
            let numerator = if is_fixed {
                constant(above[0])
            } else {
                self.plain(reader, &above)?
            };
            Some(Number::Quotient(numerator, denominator))
        })
    }

    /// An expression of symbols alone, for an element of a constant.
    pub(super) fn element(&self, values: &[f64]) -> Option<Number> {
        let nothing = Reader {
            operands: Vec::new(),
            made: 0,
        };
        self.float(&nothing, values)
    }

    /// What a scale may be divided by, with its value in each sample: an operand's extent, or a symbol where there is
    /// no operand.
    fn denominators(&self, reader: &Reader, samples: usize) -> Vec<(Expression, Vec<i64>)> {
        let known = |known: &Known| (single(1, known.factor, 0, 1), known.values.clone());
        if reader.operands.is_empty() {
            return self.symbols.iter().map(known).collect();
        }
        let operands = reader.operands.iter();
        let extents = operands.clone().filter_map(|value| self.extents.get(value));
        let fixed = operands.filter_map(|value| self.fixed.get(value)).flatten();
        let fixed = fixed.map(|&extent| (constant(extent), vec![extent; samples]));
        extents.flatten().map(known).chain(fixed).collect()
    }

    /// Symbols, and extents of the step's operands.
    fn near(&self, reader: &Reader) -> Vec<Known> {
        let mut near = self.symbols.clone();
        let operands = reader
            .operands
            .iter()
            .filter_map(|value| self.extents.get(value));
        for known in operands.flatten() {
            if near.iter().all(|other| other.values != known.values) {
                near.push(known.clone());
            }
        }
        near.truncate(24);
        near
    }

    fn integer(&self, reader: &Reader, values: &[i64]) -> Option<Expression> {
        let rounded = |known: &Known| known.rounded(values);
        let plain = self.plain(reader, values);
        plain.or_else(|| self.near(reader).iter().find_map(rounded))
    }

    /// An expression that rounds nothing.
    fn plain(&self, reader: &Reader, values: &[i64]) -> Option<Expression> {
        let near = self.near(reader);
        let same = near.iter().find(|known| known.values == values);
        if let Some(known) = same {
            return Some(single(1, known.factor, 0, 1));
        }
        let made = self
            .first
            .get(values)
            .filter(|(value, _)| *value < reader.made);
        if let Some((_, factor)) = made {
            return Some(single(1, *factor, 0, 1));
        }
        let lines = near.iter().find_map(|known| known.line(values));
        lines
            .or_else(|| products(&near, values))
            .or_else(|| sums(&near, values))
    }
}

impl Known {
    /// `(a · factor + b) ÷ d`, without rest wherever the factor may be.
    fn line(&self, values: &[i64]) -> Option<Expression> {
        let (a, b, d) = line(&self.values, values)?;
        let Range { min, step, .. } = self.range;
        let exact = a.checked_mul(step)? % d == 0 && a.checked_mul(min)?.checked_add(b)? % d == 0;
        exact.then(|| single(a, self.factor, b, d))
    }

    /// `⌊(a · factor + b) ÷ d⌋` with the smallest `a` that fits the samples, when every such quotient is the same
    /// wherever the factor may be.
    fn rounded(&self, values: &[i64]) -> Option<Expression> {
        let Range { min, max, step } = self.range;
        if (max - min) / step > MAX_EXTENTS {
            return None;
        }
        let extents: Vec<i64> = (0..=(max - min) / step).map(|at| min + at * step).collect();
        let mut found: Option<(Expression, Vec<i64>)> = None;
        let coefficients = (1..=MAX_COEFFICIENT).flat_map(|a| [a, -a]);
        for (a, d) in coefficients.flat_map(|a| DIVISORS.map(move |d| (a, d))) {
            let pairs = self.values.iter().zip(values);
            let least = pairs.clone().map(|(x, v)| v * d - a * x).max()?;
            let most = pairs.map(|(x, v)| v * d - a * x + d - 1).min()?;
            let is_larger =
                |(found, _): &(Expression, Vec<i64>)| a.abs() > found.terms[0].coefficient.abs();
            if least > most || found.as_ref().is_some_and(is_larger) {
                continue;
            }
            for b in [least, most] {
                let all = extents.iter().map(|x| (a * x + b).div_euclid(d));
                match &found {
                    None => found = Some((single(a, self.factor, b, d), all.collect())),
                    Some((_, same)) if all.eq(same.iter().copied()) => {}
                    Some(_) => return None,
                }
            }
        }
        found.map(|(expression, _)| expression)
    }
}

/// `c · f · g · … + b` of two or three factors.
fn products(near: &[Known], values: &[i64]) -> Option<Expression> {
    for (at, first) in near.iter().enumerate() {
        for (next, second) in near.iter().enumerate().skip(at) {
            let two = multiplied(&first.values, &second.values)?;
            let third = near.iter().skip(next).map(Some);
            for third in std::iter::once(None).chain(third) {
                let all = match third {
                    Some(third) => multiplied(&two, &third.values)?,
                    None => two.clone(),
                };
                let factors = [Some(first), Some(second), third];
                let factors: Vec<&Known> = factors.into_iter().flatten().collect();
                // What surely divides the product.
                let common = factors
                    .iter()
                    .fold(1, |common, known| common * known.range.common());
                if let Some((c, b, d)) = line(&all, values)
                    && (d == 1 || c.saturating_mul(common) % d == 0 && b % d == 0)
                {
                    let product = Term {
                        coefficient: c,
                        factors: factors.iter().map(|known| known.factor).collect(),
                    };
                    let divisor = u32::try_from(d).ok()?;
                    return Some(Expression {
                        divisor,
                        ..expression(product, b)
                    });
                }
            }
        }
    }
    None
}

/// `f + g + b` or `f − g + b`.
fn sums(near: &[Known], values: &[i64]) -> Option<Expression> {
    for first in near {
        for second in near {
            for sign in [1, -1] {
                let pairs = first.values.iter().zip(&second.values).zip(values);
                let mut rest = pairs.map(|((f, g), v)| v - f - sign * g);
                let b = rest.next()?;
                if first.factor != second.factor && rest.all(|other| other == b) {
                    let mut sum = single(1, first.factor, b, 1);
                    sum.terms.insert(1, term(sign, second.factor));
                    return Some(sum);
                }
            }
        }
    }
    None
}

/// `a, b, d` with `d · value = a · x + b` at every sample, `d > 0`.
fn line(x: &[i64], values: &[i64]) -> Option<(i64, i64, i64)> {
    let other = x.iter().position(|at| at != &x[0])?;
    let (mut a, mut d) = (values[other] - values[0], x[other] - x[0]);
    let divisor = gcd(a.unsigned_abs(), d.unsigned_abs()).cast_signed() * d.signum();
    (a, d) = (a / divisor, d / divisor);
    let b = d
        .checked_mul(values[0])?
        .checked_sub(a.checked_mul(x[0])?)?;
    let mut samples = x.iter().zip(values);
    let fits = samples.all(|(&x, &value)| {
        let right = a.checked_mul(x).and_then(|ax| ax.checked_add(b));
        right.is_some() && right == d.checked_mul(value)
    });
    (fits && a != 0).then_some((a, b, d))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn multiplied(a: &[i64], b: &[i64]) -> Option<Vec<i64>> {
    a.iter().zip(b).map(|(a, b)| a.checked_mul(*b)).collect()
}

fn term(coefficient: i64, factor: Factor) -> Term {
    Term {
        coefficient,
        factors: vec![factor],
    }
}

fn constant(value: i64) -> Expression {
    let one = Term {
        coefficient: value,
        factors: Vec::new(),
    };
    Expression {
        terms: vec![one],
        divisor: 1,
    }
}

/// `term + b`.
fn expression(term: Term, b: i64) -> Expression {
    let mut terms = vec![term];
    if b != 0 {
        terms.extend(constant(b).terms);
    }
    Expression { terms, divisor: 1 }
}

/// `⌊(a · factor + b) ÷ d⌋`.
fn single(a: i64, factor: Factor, b: i64, d: i64) -> Expression {
    Expression {
        divisor: u32::try_from(d).unwrap_or(1),
        ..expression(term(a, factor), b)
    }
}

/// The values, when all are integers.
fn integers(values: &[f64]) -> Option<Vec<i64>> {
    let whole = |value: &f64| value.fract() == 0.0 && value.abs() < (1_i64 << 53) as f64;
    values
        .iter()
        .all(whole)
        .then(|| values.iter().map(|&value| value as i64).collect())
}
