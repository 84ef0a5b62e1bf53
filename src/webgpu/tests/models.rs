//! Whole models, where `PLANS` names a folder of `.plan` files: `PLANS=.. cargo test -p nearshelf-webgpu -- --ignored`.

use super::agree::{floats, gpu, integers};
use crate::GpuSession;
use nearshelf_engine::{CpuSession, DType, KernelSet, Plan, Session, Tensor, TensorType, Values};
use std::sync::Arc;
use std::{env, fs};

/// Of floats alone, relative to the largest magnitude.
const TOLERANCE: f32 = 1e-4;
/// Where floats become bytes on the way: one that differs in its last bit may become another byte, a step of the scale
/// away, and the operators behind carry that on. The scalar kernels and the fastest are as far from each other.
const QUANTIZED_TOLERANCE: f32 = 5e-2;

/// Integers are zeros and ones, so that an attention mask is one, too.
fn input(seed: u32, ty: &TensorType) -> Tensor {
    let len = ty.element_count().unwrap();
    let of = |values| Tensor::new(ty.shape.clone(), values).unwrap();
    match ty.dtype {
        DType::F32 => floats(seed, &ty.shape),
        DType::I32 => integers(seed, &ty.shape, 0, 2),
        DType::U8 => of(Values::U8(vec![1; len])),
        DType::I8 => of(Values::I8(vec![1; len])),
    }
}

/// The largest difference, relative to the largest magnitude.
fn difference(found: &[f32], wanted: &[f32]) -> f32 {
    let scale = wanted.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let pairs = found.iter().zip(wanted);
    pairs.fold(0.0_f32, |most, (a, b)| most.max((a - b).abs())) / scale
}

#[test]
#[ignore = "reads the plans of the folder PLANS"]
fn whole_models_agree() {
    let Some(gpu) = gpu() else { return };
    let folder = env::var("PLANS").unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "plan") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let plan = Arc::new(Plan::from_bytes(&fs::read(&path).unwrap()).unwrap());
        let is_quantized = plan.nodes().any(|node| node.operator.contains("Quantize"));
        let tolerance = if is_quantized {
            QUANTIZED_TOLERANCE
        } else {
            TOLERANCE
        };
        let inputs = plan.inputs().iter().zip(1..);
        let inputs: Vec<(String, Tensor)> = inputs
            .map(|(port, seed)| (port.name.clone(), input(seed, &port.ty)))
            .collect();
        let named = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor));
        let named: Vec<(&str, &Tensor)> = named.collect();
        let mut cpu = CpuSession::with_kernels(Arc::clone(&plan), KernelSet::Scalar).unwrap();
        let wanted = cpu.run(&named).unwrap();
        let (found, dispatches) = pollster::block_on(async {
            let mut session = GpuSession::new(&gpu, plan).unwrap();
            (session.run(&named).await.unwrap(), session.dispatches())
        });
        for (found, wanted) in found.iter().zip(&wanted) {
            let (Some(found), Some(wanted)) = (found.as_f32(), wanted.as_f32()) else {
                assert_eq!(found, wanted, "{name}");
                continue;
            };
            let difference = difference(found, wanted);
            println!("{name}: {dispatches} dispatches, {difference:e} from the CPU");
            assert!(difference < tolerance, "{name}: {difference}");
        }
    }
}
