//! Outputs beside their references.

use super::inputs::{by_name, listed};
use super::model::Source;
use crate::tensors::{Array, Data};
use anyhow::{Result, bail};
use nearshelf_onnx::ElementType;
use serde::Serialize;
use std::path::Path;

/// How far a value may be from its reference `r`: `absolute + relative · |r|`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tolerance {
    pub relative: f64,
    pub absolute: f64,
}

/// What a comparison found.
#[derive(Debug, Serialize)]
pub struct Check {
    pub agrees: bool,
    pub tolerance: Tolerance,
    pub outputs: Vec<Compared>,
    /// Outputs that the reference doesn't hold.
    pub not_compared: Vec<String>,
}

/// One output beside its reference.
#[derive(Debug, Serialize)]
pub struct Compared {
    pub name: String,
    pub agrees: bool,
    /// Why no element can be compared: another shape or kind.
    pub mismatch: Option<String>,
    /// Elements in all.
    pub elements: usize,
    /// Elements beyond the tolerance.
    pub out: usize,
    /// Largest absolute difference of two numbers; 0 without elements.
    pub largest_difference: f64,
    /// The element furthest beyond the tolerance.
    pub worst: Option<Element>,
}

/// Two values that are further apart than they may be.
#[derive(Debug, PartialEq, Serialize)]
pub struct Element {
    pub index: Vec<usize>,
    pub got: f64,
    pub wanted: f64,
    pub absolute: f64,
    pub relative: f64,
}

/// References of the model's outputs, by name.
///
/// # Errors
/// When the archive can't be read, holds what the model doesn't have, or nothing to compare with.
pub fn read(path: &Path, source: &Source) -> Result<Vec<(String, Array)>> {
    let arrays = by_name(path, ("out_", source.outputs()), ("in_", source.inputs()))?;
    if arrays.is_empty() {
        bail!(
            "{} holds no output of the model; it has {}",
            path.display(),
            listed(source.outputs())
        );
    }
    Ok(arrays)
}

impl Check {
    pub fn of(
        outputs: &[(String, Array)],
        reference: &[(String, Array)],
        tolerance: Tolerance,
    ) -> Self {
        let mut compared = Vec::new();
        let mut not_compared = Vec::new();
        for (name, got) in outputs {
            match reference.iter().find(|(other, _)| other == name) {
                Some((_, wanted)) => compared.push(Compared::of(name, got, wanted, tolerance)),
                None => not_compared.push(name.clone()),
            }
        }
        Self {
            agrees: compared.iter().all(|output| output.agrees),
            tolerance,
            outputs: compared,
            not_compared,
        }
    }
}

impl Compared {
    fn of(name: &str, got: &Array, wanted: &Array, tolerance: Tolerance) -> Self {
        let mismatch = (got.shape != wanted.shape || !are_comparable(got, wanted))
            .then(|| format!("it is {got}, the reference {wanted}"));
        let mut compared = Self {
            name: name.to_owned(),
            agrees: mismatch.is_none(),
            elements: got.len(),
            out: 0,
            largest_difference: 0.0,
            worst: None,
            mismatch,
        };
        if !compared.agrees {
            return compared;
        }
        let mut furthest = 0.0;
        for at in 0..got.len() {
            let (value, reference) = (got.number(at), wanted.number(at));
            let difference = difference(got, wanted, at);
            if difference > compared.largest_difference {
                compared.largest_difference = difference;
            }
            let beyond = beyond(difference, reference, tolerance);
            if beyond <= 1.0 {
                continue;
            }
            compared.out += 1;
            if beyond > furthest {
                furthest = beyond;
                compared.worst = Some(Element {
                    index: got.index(at),
                    got: value,
                    wanted: reference,
                    absolute: difference,
                    relative: difference / reference.abs(),
                });
            }
        }
        compared.agrees = compared.out == 0;
        compared
    }
}

/// Whether two arrays are of one kind. A plan's `uint8` may stand for `bool`.
fn are_comparable(a: &Array, b: &Array) -> bool {
    match (&a.data, &b.data) {
        (Data::Bool(_), Data::Int(_)) => b.element_type == ElementType::U8,
        (Data::Int(_), Data::Bool(_)) => a.element_type == ElementType::U8,
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Distance of two elements: none between equal values, infinities and NaNs among them; NaN where only one is NaN.
fn difference(got: &Array, wanted: &Array, at: usize) -> f64 {
    if let (Data::Int(got), Data::Int(wanted)) = (&got.data, &wanted.data) {
        return got[at].abs_diff(wanted[at]) as f64;
    }
    let (got, wanted) = (got.number(at), wanted.number(at));
    let is_equal = got == wanted || (got.is_nan() && wanted.is_nan());
    if is_equal { 0.0 } else { (got - wanted).abs() }
}

/// The difference in tolerances: more than 1 is too much.
fn beyond(difference: f64, reference: f64, tolerance: Tolerance) -> f64 {
    if difference == 0.0 {
        return 0.0;
    }
    let allowed = tolerance.absolute + tolerance.relative * reference.abs();
    let is_comparable = difference.is_finite() && allowed.is_finite();
    if is_comparable && allowed > 0.0 {
        difference / allowed
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: Tolerance = Tolerance {
        relative: 0.0,
        absolute: 0.0,
    };

    fn floats(shape: &[usize], values: &[f64]) -> Array {
        Array {
            element_type: ElementType::F32,
            shape: shape.to_vec(),
            data: Data::Float(values.to_vec()),
        }
    }

    fn compared(got: &[f64], wanted: &[f64], relative: f64, absolute: f64) -> Compared {
        let tolerance = Tolerance { relative, absolute };
        let shape = [got.len()];
        Compared::of(
            "y",
            &floats(&shape, got),
            &floats(&shape, wanted),
            tolerance,
        )
    }

    #[test]
    fn the_worst_element_is_the_one_furthest_beyond_its_own_tolerance() {
        let found = compared(&[100.0, 1.0, 5.0], &[101.0, 2.0, 5.0], 0.001, 0.0);
        assert_eq!((found.agrees, found.out, found.elements), (false, 2, 3));
        let worst = Element {
            index: vec![1],
            got: 1.0,
            wanted: 2.0,
            absolute: 1.0,
            relative: 0.5,
        };
        assert_eq!(found.worst, Some(worst));
    }

    #[test]
    fn a_value_at_the_tolerance_agrees() {
        let found = compared(&[1.5, -1.5], &[1.0, -1.0], 0.25, 0.25);
        assert!(found.agrees && found.worst.is_none());
        assert!(!compared(&[1.5001], &[1.0], 0.25, 0.25).agrees);
    }

    #[test]
    fn nan_agrees_with_nan_alone_and_an_infinity_with_its_like() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        assert!(compared(&[nan, inf, -inf], &[nan, inf, -inf], 0.0, 0.0).agrees);
        for (got, wanted) in [(nan, 1.0), (1.0, nan), (inf, 1.0), (1.0, inf), (inf, -inf)] {
            let found = compared(&[0.0, got], &[0.0, wanted], 0.5, 1e9);
            assert_eq!(found.out, 1, "{got} and {wanted}");
            assert_eq!(found.worst.map(|worst| worst.index), Some(vec![1]));
        }
    }

    #[test]
    fn another_shape_or_kind_differs_whatever_the_values() {
        let (row, column) = (floats(&[1, 2], &[0.0; 2]), floats(&[2, 1], &[0.0; 2]));
        let found = Compared::of("y", &row, &column, EXACT);
        assert!(!found.agrees);
        assert_eq!(
            found.mismatch.as_deref(),
            Some("it is float32[1, 2], the reference float32[2, 1]")
        );
        let ints = Array {
            element_type: ElementType::I64,
            shape: vec![1, 2],
            data: Data::Int(vec![0, 0]),
        };
        assert!(!Compared::of("y", &row, &ints, EXACT).agrees);
        assert!(compared(&[], &[], 0.0, 0.0).agrees);
    }

    #[test]
    fn truths_are_compared_with_the_bytes_that_a_plan_has_for_them() {
        let bytes = |values: &[i64], element_type| Array {
            element_type,
            shape: vec![2],
            data: Data::Int(values.to_vec()),
        };
        let truths = Array {
            element_type: ElementType::Bool,
            shape: vec![2],
            data: Data::Bool(vec![true, false]),
        };
        assert!(Compared::of("y", &bytes(&[1, 0], ElementType::U8), &truths, EXACT).agrees);
        let found = Compared::of("y", &bytes(&[1, 1], ElementType::U8), &truths, EXACT);
        assert_eq!(found.out, 1);
        assert!(!Compared::of("y", &bytes(&[1, 0], ElementType::I32), &truths, EXACT).agrees);
    }

    #[test]
    fn large_integers_are_compared_exactly() {
        let of = |value: i64| Array {
            element_type: ElementType::I64,
            shape: Vec::new(),
            data: Data::Int(vec![value]),
        };
        let found = Compared::of("y", &of(i64::MAX), &of(i64::MAX - 1), EXACT);
        assert_eq!((found.out, found.largest_difference), (1, 1.0));
    }

    #[test]
    fn outputs_without_a_reference_are_named() {
        let output = |name: &str| (name.to_owned(), floats(&[1], &[1.0]));
        let check = Check::of(&[output("a"), output("b")], &[output("b")], EXACT);
        assert!(check.agrees);
        assert_eq!(check.not_compared, ["a"]);
    }
}
