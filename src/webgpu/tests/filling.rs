//! Buffers that are filled in pieces hold what was written, wherever pieces end.

use super::agree::{gpu, noise};
use crate::Gpu;
use crate::buffers::{Filling, PIECE, storage, view};

/// What a buffer of `size` bytes holds once `parts`, each at its offset, were written.
fn filled(gpu: &Gpu, size: usize, parts: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
    let buffer = storage(gpu, size as u64, usage).unwrap();
    let mut filling = Filling::new(gpu, &buffer);
    for (offset, part) in parts {
        filling.write(*offset, part);
    }
    filling.finish();
    let back = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: size as u64,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let mut encoder = gpu.device().create_command_encoder(&Default::default());
    encoder.copy_buffer_to_buffer(&buffer, 0, &back, 0, size as u64);
    gpu.queue().submit([encoder.finish()]);
    back.map_async(wgpu::MapMode::Read, .., |result| result.unwrap());
    let poll = wgpu::PollType::wait_indefinitely();
    gpu.device().poll(poll).unwrap();
    back.get_mapped_range(..).unwrap().to_vec()
}

#[test]
fn parts_smaller_and_larger_than_a_piece_lie_where_they_were_put() {
    let Some(gpu) = gpu() else { return };
    for sizes in [
        vec![1],
        vec![PIECE],
        vec![2 * PIECE],
        vec![3, PIECE + 5],
        vec![PIECE + 5, 3],
        vec![2 * PIECE + 1, 2 * PIECE - 1, 7],
        vec![PIECE / 2, PIECE / 2, PIECE, 1],
    ] {
        let mut at = 0;
        let mut parts = Vec::new();
        for (seed, size) in sizes.iter().enumerate() {
            let numbers = noise(seed as u32 + 1, size.div_ceil(4));
            parts.push((at, view(&numbers)[..*size].to_vec()));
            at = (at + size).next_multiple_of(256);
        }
        let mut wanted = vec![0; at];
        for (offset, part) in &parts {
            wanted[*offset..offset + part.len()].copy_from_slice(part);
        }
        assert!(filled(&gpu, at, &parts) == wanted, "{sizes:?}");
    }
}
