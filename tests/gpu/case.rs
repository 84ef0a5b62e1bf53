//! A plan with inputs and what has to come out.

use nearshelf_engine::{Plan, Tensor, Values};
use std::sync::Arc;

pub struct Case {
    pub name: String,
    /// What the case is for: an operator, or a model.
    pub subject: String,
    pub plan: Arc<Plan>,
    pub inputs: Vec<(String, Tensor)>,
    pub wanted: Vec<Wanted>,
}

/// An output that has to come out: each value within `atol + rtol · |value|`.
pub struct Wanted {
    pub name: String,
    pub tensor: Tensor,
    pub rtol: f64,
    pub atol: f64,
}

/// How far two tensors of one type and shape are apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Difference {
    /// Largest absolute difference; infinite where only one is NaN.
    pub absolute: f64,
    /// The same as a part of the largest finite magnitude that was wanted.
    pub relative: f64,
}

impl Difference {
    pub fn largest(self, other: Self) -> Self {
        Self {
            absolute: self.absolute.max(other.absolute),
            relative: self.relative.max(other.relative),
        }
    }
}

pub fn numbers(tensor: &Tensor) -> Vec<f64> {
    match tensor.values() {
        Values::F32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I8(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::U8(values) => values.iter().map(|&v| f64::from(v)).collect(),
    }
}

/// Distance of two numbers: none between equal ones, NaNs and infinities among them.
fn gap(found: f64, wanted: f64) -> f64 {
    if found == wanted || (found.is_nan() && wanted.is_nan()) {
        return 0.0;
    }
    let gap = (found - wanted).abs();
    if gap.is_nan() { f64::INFINITY } else { gap }
}

impl Wanted {
    /// # Errors
    /// What is wrong with `found`.
    pub fn compare(&self, found: &Tensor) -> Result<(), String> {
        let (name, wanted) = (&self.name, &self.tensor);
        if found.ty() != wanted.ty() {
            return Err(format!("{name} is {}, not {}", found.ty(), wanted.ty()));
        }
        let (found, wanted) = (numbers(found), numbers(wanted));
        let pairs = found.iter().zip(&wanted).enumerate();
        let is_out = |found: f64, wanted: f64| {
            let gap = gap(found, wanted);
            gap > 0.0 && !(wanted.is_finite() && gap <= self.atol + self.rtol * wanted.abs())
        };
        let out: Vec<_> = pairs.filter(|(_, (a, b))| is_out(**a, **b)).collect();
        let furthest = |one: &&(usize, (&f64, &f64)), other: &&(usize, (&f64, &f64))| {
            gap(*one.1.0, *one.1.1).total_cmp(&gap(*other.1.0, *other.1.1))
        };
        match out.iter().max_by(furthest) {
            None => Ok(()),
            Some((at, (a, b))) => Err(format!(
                "{name} differs in {} of {} elements, most in element {at}: {a:e} instead of {b:e}",
                out.len(),
                found.len()
            )),
        }
    }

    /// How far `found`, of this type, is from what is wanted.
    pub fn difference(&self, found: &Tensor) -> Difference {
        let wanted = numbers(&self.tensor);
        let pairs = numbers(found).into_iter().zip(&wanted);
        let absolute = pairs.map(|(a, &b)| gap(a, b)).fold(0.0, f64::max);
        let finite = wanted.iter().filter(|value| value.is_finite());
        let magnitude = finite.fold(0.0_f64, |most, value| most.max(value.abs()));
        let relative = if absolute == 0.0 {
            0.0
        } else {
            absolute / magnitude
        };
        Difference { absolute, relative }
    }
}
