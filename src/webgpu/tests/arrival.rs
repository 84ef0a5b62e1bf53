//! Plans on their way to a device.

use super::agree::{floats, gpu};
use crate::buffers::PIECE;
use crate::{Capabilities, GpuSession};
use nearshelf_engine::{Binary, CpuSession, Op, Plan, PlanBuilder, PlanReader, Session};
use nearshelf_engine::{Tensor, Unary, Values};
use std::sync::Arc;

/// `relu(x · w) + w`.
fn plan() -> Plan {
    let mut builder = PlanBuilder::new();
    let x = floats(1, &[5, 5]);
    let x = builder.input("x", x.ty()).unwrap();
    let w = builder.constant(floats(2, &[5, 5]));
    let product = builder.push("product", Op::MatMul, &[x, w]).unwrap()[0];
    let op = Op::Unary(Unary::Relu);
    let positive = builder.push("relu", op, &[product]).unwrap()[0];
    let op = Op::Binary(Binary::Add);
    let sum = builder.push("sum", op, &[positive, w]).unwrap()[0];
    builder.output("y", sum).unwrap();
    builder.finish().unwrap()
}

#[test]
fn pipelines_are_asked_for_before_the_last_bytes_came() {
    let Some(gpu) = gpu() else { return };
    let bytes = plan().to_bytes().unwrap();
    let (early, late) = bytes.split_at(bytes.len() - 60);
    let mut reader = PlanReader::new();
    reader.push(early).unwrap();
    gpu.prepare(&reader.outline().unwrap().unwrap());
    let made = gpu.pipelines_made();
    assert_eq!(made, 3);
    reader.push(late).unwrap();
    let plan = Arc::new(reader.finish().unwrap());
    let mut session = GpuSession::new(&gpu, Arc::clone(&plan)).unwrap();
    assert_eq!(gpu.pipelines_made(), made, "others are made");
    let x = floats(3, &[5, 5]);
    let wanted = CpuSession::new(plan).unwrap().run(&[("x", &x)]).unwrap();
    let found = pollster::block_on(session.run(&[("x", &x)])).unwrap();
    let difference = |(a, b): (&f32, &f32)| (a - b).abs();
    let [found, wanted] = [&found, &wanted].map(|tensors| tensors[0].as_f32().unwrap());
    assert!(found.iter().zip(wanted).map(difference).all(|d| d < 1e-5));
}

#[test]
fn what_an_adapter_cannot_execute_and_a_lost_device_prepare_nothing() {
    let Some(mut gpu) = gpu() else { return };
    let mut reader = PlanReader::new();
    reader.push(&plan().to_bytes().unwrap()).unwrap();
    let outline = reader.outline().unwrap().unwrap();
    let capabilities = std::rc::Rc::get_mut(&mut gpu).unwrap().capabilities_mut();
    let able = std::mem::replace(
        capabilities,
        Capabilities {
            max_binding_bytes: 16,
            ..Capabilities::default()
        },
    );
    gpu.prepare(&outline);
    assert_eq!(gpu.pipelines_made(), 0);
    *std::rc::Rc::get_mut(&mut gpu).unwrap().capabilities_mut() = able;
    gpu.destroy();
    // Whether its loss is known by now or not.
    gpu.prepare(&outline);
}

#[test]
fn constants_of_any_size_arrive_whole() {
    let Some(gpu) = gpu() else { return };
    // Below a piece, across its end, and of several; with lengths that are no words.
    let lengths = [3, PIECE - 100, 7, 2 * PIECE + 5, 1, 300, 0, PIECE];
    let byte = |n: usize| (n.wrapping_mul(2_654_435_761) >> 13) as u8;
    for lengths in [&lengths[..], &lengths[..1], &lengths[3..4], &lengths[5..]] {
        let mut builder = PlanBuilder::new();
        for (number, &len) in lengths.iter().enumerate() {
            let values = (0..len).map(|n| byte(n + number)).collect();
            let constant = Tensor::new([len], Values::U8(values)).unwrap();
            let id = builder.constant(constant);
            builder.output(&format!("y{number}"), id).unwrap();
        }
        let plan = Arc::new(builder.finish().unwrap());
        let mut session = GpuSession::new(&gpu, Arc::clone(&plan)).unwrap();
        let found = pollster::block_on(session.run(&[])).unwrap();
        let wanted: Vec<&Tensor> = plan.constants().collect();
        assert!(found.iter().eq(wanted), "constants of {lengths:?} bytes");
    }
}
