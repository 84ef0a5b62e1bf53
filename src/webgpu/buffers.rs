//! Buffers, and values on their way into and out of them.

use crate::dispatch::Dispatch;
use crate::{Gpu, GpuError};
use nearshelf_engine::{DType, Values};

/// What every adapter takes for the offset of a binding is a multiple of this.
pub(crate) const ALIGNMENT: u64 = 256;

/// A buffer that shaders see, for `more` besides.
///
/// # Errors
/// [`GpuError::OutOfMemory`] beyond the adapter's limit. What the driver says of smaller ones is told by
/// [`Scopes`](crate::submission::Scopes).
pub(crate) fn storage(
    gpu: &Gpu,
    bytes: u64,
    more: wgpu::BufferUsages,
) -> Result<wgpu::Buffer, GpuError> {
    let limit = gpu.capabilities().max_buffer_bytes;
    if bytes > limit {
        return Err(GpuError::OutOfMemory {
            what: "a buffer",
            bytes,
            reason: format!("buffers have at most {limit} bytes"),
        });
    }
    Ok(gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: bytes,
        usage: wgpu::BufferUsages::STORAGE | more,
        mapped_at_creation: false,
    }))
}

/// Writes values, filled up to whole words.
pub(crate) fn write(gpu: &Gpu, buffer: &wgpu::Buffer, offset: u64, values: &Values) {
    let bytes = bytes_of(values);
    let whole = bytes.len() / 4 * 4;
    gpu.queue().write_buffer(buffer, offset, &bytes[..whole]);
    if let rest @ [_, ..] = &bytes[whole..] {
        let mut word = [0; 4];
        word[..rest.len()].copy_from_slice(rest);
        gpu.queue()
            .write_buffer(buffer, offset + whole as u64, &word);
    }
}

/// The values' memory.
pub(crate) fn bytes_of(values: &Values) -> &[u8] {
    // SAFETY: every bit pattern of these types is a valid sequence of bytes, and the length is that of the slice.
    unsafe fn view<T>(values: &[T]) -> &[u8] {
        unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
    }
    match values {
        Values::F32(values) => unsafe { view(values) },
        Values::I32(values) => unsafe { view(values) },
        Values::I8(values) => unsafe { view(values) },
        Values::U8(values) => values,
    }
}

/// `len` values out of bytes read back.
pub(crate) fn values_of(dtype: DType, bytes: &[u8], len: usize) -> Values {
    let (words, _) = bytes.as_chunks::<4>();
    match dtype {
        DType::F32 => Values::F32(
            words
                .iter()
                .take(len)
                .map(|word| f32::from_le_bytes(*word))
                .collect(),
        ),
        DType::I32 => Values::I32(
            words
                .iter()
                .take(len)
                .map(|word| i32::from_le_bytes(*word))
                .collect(),
        ),
        DType::I8 => Values::I8(
            bytes
                .iter()
                .take(len)
                .map(|byte| byte.cast_signed())
                .collect(),
        ),
        DType::U8 => Values::U8(bytes.iter().take(len).copied().collect()),
    }
}

/// The parameters of all dispatches in one buffer.
pub(crate) struct Params {
    pub buffer: wgpu::Buffer,
    /// Offset and length of each.
    pub offsets: Vec<(u64, u64)>,
}

impl Params {
    pub fn upload(gpu: &Gpu, dispatches: &[Dispatch]) -> Self {
        let mut bytes: Vec<u8> = Vec::new();
        let mut offsets = Vec::new();
        for dispatch in dispatches {
            let offset = bytes.len() as u64;
            bytes.extend(dispatch.params.iter().flat_map(|word| word.to_le_bytes()));
            // A uniform's length is a multiple of 16.
            bytes.resize(bytes.len().next_multiple_of(16), 0);
            offsets.push((offset, bytes.len() as u64 - offset));
            bytes.resize(bytes.len().next_multiple_of(ALIGNMENT as usize), 0);
        }
        let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (bytes.len() as u64).max(ALIGNMENT),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        gpu.queue().write_buffer(&buffer, 0, &bytes);
        Self { buffer, offsets }
    }
}
