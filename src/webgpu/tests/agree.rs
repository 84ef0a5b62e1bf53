//! One operator on the device against the scalar kernel, which is the specification.

use crate::{Gpu, GpuError, GpuSession};
use nearshelf_engine::{CpuSession, KernelSet, Op, Plan, PlanBuilder, Session, Tensor, Values};
use std::rc::Rc;
use std::sync::Arc;

/// What sums in another order, and functions within WGSL's accuracy, may differ by, relative to a result's magnitude.
const TOLERANCE: f32 = 2e-5;

/// The device, unless there is none and none is required (`REQUIRE_GPU=1`).
pub fn gpu() -> Option<Rc<Gpu>> {
    match pollster::block_on(Gpu::request()) {
        Ok(gpu) => Some(gpu),
        Err(error) if std::env::var_os("REQUIRE_GPU").is_none() => {
            println!("skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// The device, and the same lowered for as if it were no software and had packed products, or the other way round: with
/// subgroups, where it has them, and without.
pub fn either_way() -> Vec<Rc<Gpu>> {
    let Some(gpu) = gpu() else { return Vec::new() };
    let other = |has_subgroups: bool| {
        let mut other = self::gpu()?;
        let capabilities = Rc::get_mut(&mut other)?.capabilities_mut();
        capabilities.is_software = !capabilities.is_software;
        capabilities.has_packed_dot = !capabilities.has_packed_dot;
        if !has_subgroups {
            capabilities.near = 1;
        }
        Some(other)
    };
    let others = [other(true), other(false)];
    [Some(gpu)].into_iter().chain(others).flatten().collect()
}

/// Runs `op` on both, on operands given at run time. Integers must be equal, floats nearly so.
pub fn agrees(gpu: &Rc<Gpu>, op: Op, operands: &[Tensor], what: &str) {
    compare(gpu, op, operands, what, TOLERANCE);
}

/// The same where floats are rounded only as they should be, down to the least of them.
pub fn agrees_exactly(gpu: &Rc<Gpu>, op: Op, operands: &[Tensor], what: &str) {
    compare(gpu, op, operands, what, 0.0);
}

fn compare(gpu: &Rc<Gpu>, op: Op, operands: &[Tensor], what: &str, tolerance: f32) {
    let what = format!("{}, {what}", op.name());
    let mut builder = PlanBuilder::new();
    let names: Vec<String> = (0..operands.len()).map(|n| format!("x{n}")).collect();
    let pairs = names.iter().zip(operands);
    let ids: Vec<_> = pairs
        .map(|(name, x)| builder.input(name, x.ty()).unwrap())
        .collect();
    for (n, id) in builder
        .push("node", op, &ids)
        .unwrap()
        .into_iter()
        .enumerate()
    {
        builder.output(&format!("y{n}"), id).unwrap();
    }
    let inputs: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(operands).collect();
    compare_plans(gpu, builder.finish().unwrap(), &inputs, &what, tolerance);
}

/// Runs a plan on both; floats may differ by `tolerance` of the largest of them.
pub fn compare_plans(
    gpu: &Rc<Gpu>,
    plan: Plan,
    inputs: &[(&str, &Tensor)],
    what: &str,
    tolerance: f32,
) {
    let plan = Arc::new(plan);
    let mut cpu = CpuSession::with_kernels(Arc::clone(&plan), KernelSet::Scalar).unwrap();
    let wanted = cpu.run(inputs);
    let found = pollster::block_on(async {
        let session = GpuSession::new(gpu, plan);
        let mut session = session.unwrap_or_else(|error| panic!("{what}: {error}"));
        let first = session.run(inputs).await;
        // What a run leaves in the buffers must not show in the next one.
        let second = session.run(inputs).await;
        assert_eq!(
            format!("{first:?}"),
            format!("{second:?}"),
            "{what}: a second run differs"
        );
        first
    });
    match (found, wanted) {
        (Ok(found), Ok(wanted)) => {
            assert_eq!(found.len(), wanted.len(), "{what}: outputs");
            for (found, wanted) in found.iter().zip(&wanted) {
                assert_alike(found, wanted, what, tolerance);
            }
        }
        (Err(GpuError::Run(_)), Err(_)) => {}
        (found, wanted) => panic!("{what}: {found:?}, but on the CPU {wanted:?}"),
    }
}

fn assert_alike(found: &Tensor, wanted: &Tensor, what: &str, tolerance: f32) {
    assert_eq!(found.ty(), wanted.ty(), "{what}");
    let (Values::F32(found), Values::F32(wanted)) = (found.values(), wanted.values()) else {
        assert_eq!(found, wanted, "{what}");
        return;
    };
    let finite = wanted.iter().filter(|x| x.is_finite());
    let scale = finite.fold(1.0_f32, |most, x| most.max(x.abs()));
    for (at, (a, b)) in found.iter().zip(wanted).enumerate() {
        let is_alike = a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * scale;
        assert!(is_alike, "{what}: element {at} is {a}, not {b}");
    }
}

/// Numbers in −1..1 without a pattern, the same for a seed.
pub fn noise(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

/// The same as a tensor.
pub fn floats(seed: u32, shape: &[usize]) -> Tensor {
    Tensor::new(shape, Values::F32(noise(seed, shape.iter().product()))).unwrap()
}

/// Integers of `least..most`.
pub fn integers(seed: u32, shape: &[usize], least: i32, most: i32) -> Tensor {
    let values = noise(seed, shape.iter().product()).into_iter();
    let between = |x: f32| least + ((x + 1.0) / 2.0 * (most - least) as f32) as i32;
    Tensor::new(shape, Values::I32(values.map(between).collect())).unwrap()
}

/// All values of u8.
pub fn bytes(seed: u32, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product()).into_iter();
    Tensor::new(
        shape,
        Values::U8(values.map(|x| ((x + 1.0) * 128.0) as u8).collect()),
    )
    .unwrap()
}

/// All values of i8.
pub fn signed_bytes(seed: u32, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product()).into_iter();
    Tensor::new(
        shape,
        Values::I8(values.map(|x| (x * 128.0) as i8).collect()),
    )
    .unwrap()
}
