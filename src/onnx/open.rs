//! Open dimensions: the model is compiled at several extents, and the plans are made one.
//!
//! Lowering works on concrete shapes; what depends on them is found by comparing
//! (`docs/adr/0005-open-dimensions-by-comparing-plans.md`). Where an extent is 1 a model may take other steps that
//! give the same (a transposition moves nothing, say), so the smallest extents are not compared: there both plans
//! are run.

use crate::{CompileError, CompileOptions, dims, graph};
use nearshelf_engine::{
    CpuSession, DType, GeneraliseError, Generaliser, Plan, Session, Symbol, Tensor, TensorType,
    Values,
};
use std::sync::Arc;
use tract_onnx::pb::ModelProto;

/// Where between the smallest and the largest extent the model is compiled, besides the largest.
const PLACES: [f64; 5] = [0.83, 0.68, 0.47, 0.31, 0.14];

/// The plan of a model, for all extents of [`CompileOptions::open`].
pub(crate) fn compile(model: &ModelProto, options: &CompileOptions) -> Result<Plan, CompileError> {
    if options.open.is_empty() {
        return graph::lower(model, options);
    }
    let symbols = &options.open;
    let inputs = graph::inputs(model);
    let axes = dims::axes(&inputs, options)?;
    let bound = |extents: &[usize]| {
        let names = symbols.iter().map(|symbol| symbol.name.clone());
        let mut bind = options.bind.clone();
        bind.extend(names.zip(extents.iter().copied()));
        let options = CompileOptions {
            bind,
            weight_bits: options.weight_bits,
            ..CompileOptions::default()
        };
        graph::lower(model, &options)
    };
    let refused = |error: GeneraliseError| match error {
        GeneraliseError::NotOpen { node, detail } => CompileError::NotOpen {
            node,
            detail,
            symbols: listed(symbols),
        },
        GeneraliseError::Plan(error) => error.into(),
    };
    let samples = samples(symbols);
    let largest = bound(&samples[0])?;
    let mut generaliser = Generaliser::new(symbols.clone(), &axes, &largest);
    drop(largest);
    for extents in &samples[1..] {
        generaliser
            .add(extents, &bound(extents)?)
            .map_err(refused)?;
    }
    let plan = generaliser.finish().map_err(refused)?;
    for extents in corners(symbols, &samples) {
        compare(&plan, bound(&extents)?, symbols, &extents)?;
    }
    Ok(plan)
}

fn listed(symbols: &[Symbol]) -> String {
    let listed: Vec<String> = symbols.iter().map(Symbol::to_string).collect();
    listed.join(", ")
}

/// Extents to compare plans at, the largest first. Extents of 1 tell nothing; where a range has too few others, larger
/// ones are taken. No two symbols go together, even where they have one range: each one's extents come in an order of
/// its own.
fn samples(symbols: &[Symbol]) -> Vec<Vec<usize>> {
    let columns = symbols.iter().enumerate().map(|(number, symbol)| {
        let (min, max, step) = (
            symbol.min as usize,
            symbol.max as usize,
            symbol.step as usize,
        );
        let steps = (max - min) / step;
        let mut column = vec![max];
        for place in PLACES {
            let wanted = (place * steps as f64).round() as usize;
            // The nearest that is none yet: downwards, then beyond the largest.
            let down = (0..=wanted).rev().map(|at| min + at * step);
            let up = (wanted..).map(|at| min + at * step);
            let mut free = down.chain(up).filter(|at| *at > 1 && !column.contains(at));
            column.extend(free.next());
        }
        let others = &mut column[1..];
        others.rotate_left(number % PLACES.len());
        if number / PLACES.len() % 2 == 1 {
            others.reverse();
        }
        column
    });
    let columns: Vec<Vec<usize>> = columns.collect();
    (0..=PLACES.len())
        .map(|at| columns.iter().map(|column| column[at]).collect())
        .collect()
}

/// The smallest extents: of all symbols, and of each beside an ordinary one of the others.
fn corners(symbols: &[Symbol], samples: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let smallest: Vec<usize> = symbols.iter().map(|symbol| symbol.min as usize).collect();
    let within = |extents: &&Vec<usize>| {
        let mut pairs = symbols.iter().zip(*extents);
        pairs.all(|(symbol, &extent)| symbol.takes(extent))
    };
    let ordinary = samples
        .iter()
        .filter(within)
        .min_by_key(|sample| sample.iter().sum::<usize>());
    let mut corners = vec![smallest];
    if let Some(extents) = ordinary.filter(|_| symbols.len() > 1) {
        for (number, symbol) in symbols.iter().enumerate() {
            let mut corner = extents.clone();
            corner[number] = symbol.min as usize;
            corners.push(corner);
        }
    }
    corners
}

/// Runs what was made of the plans beside the plan that the model gives at these extents.
fn compare(
    plan: &Plan,
    expected: Plan,
    symbols: &[Symbol],
    extents: &[usize],
) -> Result<(), CompileError> {
    let pairs: Vec<(&str, usize)> = symbols
        .iter()
        .map(|symbol| &*symbol.name)
        .zip(extents.iter().copied())
        .collect();
    let at = pairs
        .iter()
        .map(|(name, extent)| format!("{name} = {extent}"));
    let at = at.collect::<Vec<_>>().join(", ");
    let other = |node: &str, detail: String| CompileError::NotOpen {
        node: node.to_owned(),
        detail: format!("at {at} {detail}"),
        symbols: listed(symbols),
    };
    let bound = plan
        .bind(&pairs)
        .map_err(|error| other("", error.to_string()))?;
    for (a, b) in bound.outputs().iter().zip(expected.outputs()) {
        if a.ty != b.ty {
            let detail = format!("the output would be {}, but the model gives {}", a.ty, b.ty);
            return Err(other(&a.name, detail));
        }
    }
    let tensors = expected.inputs().iter().map(|port| ordinary(&port.ty));
    let tensors: Vec<Tensor> = tensors
        .collect::<Result<_, _>>()
        .map_err(|e| other("", e))?;
    let names: Vec<String> = expected
        .inputs()
        .iter()
        .map(|port| port.name.clone())
        .collect();
    let inputs: Vec<(&str, &Tensor)> = names.iter().map(|name| &**name).zip(&tensors).collect();
    let run = |plan: Plan| Ok::<_, CompileError>(CpuSession::new(Arc::new(plan))?.run(&inputs));
    match (run(bound)?, run(expected)?) {
        (Ok(found), Ok(expected)) => {
            let mut pairs = plan.outputs().iter().zip(found.iter().zip(&expected));
            match pairs.find(|(_, (found, expected))| !is_close(found, expected)) {
                Some((port, _)) => Err(other(&port.name, "the values are others".to_owned())),
                None => Ok(()),
            }
        }
        // Values that no model takes: a row that a table lacks.
        (Err(_), Err(_)) => Ok(()),
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => Err(other("", error.to_string())),
    }
}

/// Values that tell places apart: integers are 0 and 1, which every table of a model has.
fn ordinary(ty: &TensorType) -> Result<Tensor, String> {
    let len = ty.element_count().ok_or("an input can't be addressed")?;
    let mut state = 1_u32;
    let mut draw = || {
        // Numerical Recipes' linear congruence.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let values = match ty.dtype {
        DType::F32 => Values::F32(
            (0..len)
                .map(|_| draw() as f32 / (1_u32 << 23) as f32 - 1.0)
                .collect(),
        ),
        DType::I32 => Values::I32((0..len).map(|_| draw().cast_signed() & 1).collect()),
        DType::I8 => Values::I8((0..len).map(|_| (draw() & 1) as i8).collect()),
        DType::U8 => Values::U8((0..len).map(|_| (draw() & 1) as u8).collect()),
    };
    Tensor::new(ty.shape.clone(), values).map_err(|error| error.to_string())
}

/// Equal but for the rounding of sums in another order.
fn is_close(a: &Tensor, b: &Tensor) -> bool {
    match (a.values(), b.values()) {
        (Values::F32(a), Values::F32(b)) => {
            let largest = b.iter().filter(|x| x.is_finite());
            let largest = largest.fold(1e-3_f32, |largest, x| largest.max(x.abs()));
            a.iter()
                .zip(b)
                .all(|(a, b)| a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-3 * largest)
        }
        (Values::U8(a), Values::U8(b)) => a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1),
        (Values::I8(a), Values::I8(b)) => a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn samples_differ_from_each_other_and_none_is_1() {
        let symbols: Vec<Symbol> = ["n=1..2", "t=1..128", "h=32..640:32"]
            .map(|text| text.parse().unwrap())
            .into();
        let samples = samples(&symbols);
        assert_eq!(samples[0], [2, 128, 640]);
        for number in 0..symbols.len() {
            let mut column: Vec<usize> = samples.iter().map(|sample| sample[number]).collect();
            column.sort_unstable();
            column.dedup();
            assert_eq!(column.len(), samples.len());
            assert!(column[0] > 1);
        }
        let corners = corners(&symbols, &samples);
        assert_eq!(corners[0], [1, 1, 32]);
    }

    #[test]
    fn symbols_of_one_range_are_told_apart() {
        for range in ["64..160:32", "1..2", "1..128"] {
            let symbols: Vec<Symbol> = (0..8)
                .map(|number| format!("s{number}={range}").parse().unwrap())
                .collect();
            let samples = samples(&symbols);
            for a in 0..symbols.len() {
                for b in 0..a {
                    assert!(
                        samples.iter().any(|sample| sample[a] != sample[b]),
                        "{range}: {samples:?}"
                    );
                }
            }
            assert!(samples[1..].iter().all(|sample| sample[0] != sample[1]));
            // Each symbol at its smallest, too, beside extents that the ranges have.
            let corners = corners(&symbols, &samples);
            assert_eq!(corners.len(), 1 + symbols.len(), "{range}");
        }
    }
}
