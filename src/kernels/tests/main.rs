//! Every operator by hand-checked cases. `tests/parity` has the fastest kernels against the scalar ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod attention;
mod elementwise;
mod layout;
mod picking;
mod products;
mod reductions;
mod sampling;
mod windows;

use nearshelf_engine::*;
use nearshelf_kernels::tolerance::close;
use std::sync::Arc;

fn f32s(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}
fn i32s(shape: &[usize], values: &[i32]) -> Tensor {
    Tensor::new(shape, Values::I32(values.to_vec())).unwrap()
}
fn u8s(shape: &[usize], values: &[u8]) -> Tensor {
    Tensor::new(shape, Values::U8(values.to_vec())).unwrap()
}
fn i8s(shape: &[usize], values: &[i8]) -> Tensor {
    Tensor::new(shape, Values::I8(values.to_vec())).unwrap()
}

/// Runs one operator on inputs given at run time.
fn run_with(set: KernelSet, op: Op, inputs: &[Tensor]) -> Result<Vec<Tensor>, String> {
    let mut builder = PlanBuilder::new();
    let names: Vec<String> = (0..inputs.len()).map(|n| format!("x{n}")).collect();
    let ids: Vec<ValueId> = names
        .iter()
        .zip(inputs)
        .map(|(n, t)| builder.input(n, t.ty()).unwrap())
        .collect();
    let outputs = builder.push("node", op, &ids).map_err(|e| e.to_string())?;
    for (n, id) in outputs.iter().enumerate() {
        builder.output(&format!("y{n}"), *id).unwrap();
    }
    let plan = Arc::new(builder.finish().map_err(|e| e.to_string())?);
    let mut session = CpuSession::with_kernels(plan, set).unwrap();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(inputs).collect();
    let first = session.run(&named).map_err(|e| e.to_string())?;
    // NaN is not equal to itself: compare what is printed.
    assert_eq!(
        format!("{first:?}"),
        format!("{:?}", session.run(&named).unwrap()),
        "a second run differs"
    );
    Ok(first)
}

fn run(op: Op, inputs: &[Tensor]) -> Tensor {
    run_with(KernelSet::Fastest, op, inputs).unwrap().remove(0)
}

fn assert_close(found: &Tensor, shape: &[usize], values: &[f32]) {
    assert_eq!(found.shape(), shape);
    let pairs = found.as_f32().unwrap().iter().zip(values);
    assert!(
        pairs.clone().all(|(a, b)| close(*a, *b, 1e-5)),
        "{:?} is not {values:?}",
        found.as_f32().unwrap()
    );
}

fn window(kernel: &[usize], stride: usize, pad: usize) -> Window {
    let all = |value: usize| vec![value; kernel.len()];
    Window {
        kernel: kernel.to_vec(),
        strides: all(stride),
        dilations: all(1),
        pads_begin: all(pad),
        pads_end: all(pad),
    }
}
