//! Arithmetic that rounds as on the CPU, on devices whose division does not.

use super::agree::{gpu, noise};
use crate::Gpu;

/// Quotients of pairs, by `quotient` of `exact.wgsl` whose own division is `steps` neighbours off.
fn quotients(gpu: &Gpu, pairs: &[[f32; 2]], steps: i32) -> Vec<f32> {
    let text = include_str!("../shaders/exact.wgsl");
    let spoilt = format!("let q = bitcast<f32>(bitcast<u32>(a / b) + bitcast<u32>({steps}i));");
    assert!(text.contains("let q = a / b;"));
    let text = text.replace("let q = a / b;", &spoilt)
        + "
@group(0) @binding(0) var<storage, read> x: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x < arrayLength(&y)) { y[id.x] = quotient(x[id.x].x, x[id.x].y); }
}";
    let device = gpu.device();
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(text.into()),
    });
    let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: None,
        layout: None,
        module: &module,
        entry_point: Some("main"),
        compilation_options: Default::default(),
        cache: None,
    });
    let buffer = |bytes: usize, usage: wgpu::BufferUsages| {
        device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes as u64,
            usage,
            mapped_at_creation: false,
        })
    };
    let bytes = size_of_val(pairs);
    let x = buffer(
        bytes,
        wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
    );
    let y = buffer(
        bytes / 2,
        wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC,
    );
    let back = buffer(
        bytes / 2,
        wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
    );
    let words = pairs.as_flattened().iter();
    let words: Vec<u8> = words.flat_map(|x| x.to_le_bytes()).collect();
    gpu.queue().write_buffer(&x, 0, &words);
    let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &pipeline.get_bind_group_layout(0),
        entries: &[
            wgpu::BindGroupEntry {
                binding: 0,
                resource: x.as_entire_binding(),
            },
            wgpu::BindGroupEntry {
                binding: 1,
                resource: y.as_entire_binding(),
            },
        ],
    });
    let mut encoder = device.create_command_encoder(&Default::default());
    {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(&pipeline);
        pass.set_bind_group(0, &bindings, &[]);
        pass.dispatch_workgroups(pairs.len().div_ceil(64) as u32, 1, 1);
    }
    encoder.copy_buffer_to_buffer(&y, 0, &back, 0, bytes as u64 / 2);
    gpu.queue().submit([encoder.finish()]);
    back.map_async(wgpu::MapMode::Read, .., |result| result.unwrap());
    device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let bytes = back.get_mapped_range(..).unwrap();
    let words = bytes.as_chunks::<4>().0.iter();
    words.map(|word| f32::from_le_bytes(*word)).collect()
}

#[test]
fn a_quotient_that_is_off_is_brought_to_the_nearest_float() {
    let Some(gpu) = gpu() else { return };
    let values = noise(1, 20_000);
    let magnitude = |at: usize| 2.0_f32.powi(at as i32 % 61 - 30);
    let mut pairs: Vec<[f32; 2]> = values
        .as_chunks::<2>()
        .0
        .iter()
        .enumerate()
        .map(|(at, &[a, b])| [a * magnitude(at), b * magnitude(at / 7)])
        .collect();
    // Quotients that are exact, and such about a power of two, where distances change.
    for n in 1..500 {
        let n = n as f32;
        pairs.extend([[n * 3.0, 3.0], [n, 255.0], [n, n + 1.0], [n + 1.0, n]]);
        let above = f32::from_bits(n.to_bits() + 1);
        pairs.extend([[n, above], [above, n], [-n, above]]);
    }
    for steps in -3..=3 {
        let found = quotients(&gpu, &pairs, steps);
        for (&[a, b], found) in pairs.iter().zip(found) {
            let wanted = a / b;
            assert!(
                found == wanted || wanted.is_nan(),
                "{a} / {b} is {found} rather than {wanted}, {steps} off at first"
            );
        }
    }
}
