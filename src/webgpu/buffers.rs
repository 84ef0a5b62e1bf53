//! Buffers, and values on their way into and out of them.

use crate::dispatch::Dispatch;
use crate::{Gpu, GpuError};
use nearshelf_engine::{DType, Values};
use std::ops::Deref;
use std::rc::Rc;

/// What every adapter takes for the offset of a binding is a multiple of this.
pub(crate) const ALIGNMENT: u64 = 256;

/// A buffer whose memory is given back with its last handle. Browsers would keep it until garbage is collected, which they
/// do by the size of handles, not by that of what lies behind them.
#[derive(Debug, Clone)]
pub(crate) struct Buffer(Rc<Owned>);

#[derive(Debug)]
struct Owned(wgpu::Buffer);

impl Buffer {
    pub fn new(gpu: &Gpu, descriptor: &wgpu::BufferDescriptor) -> Self {
        Self(Rc::new(Owned(gpu.device().create_buffer(descriptor))))
    }
}

impl Deref for Buffer {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.0.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// A buffer that shaders see, for `more` besides.
///
/// # Errors
/// [`GpuError::OutOfMemory`] beyond the adapter's limit. What the driver says of smaller ones is told by
/// [`Scopes`](crate::submission::Scopes).
pub(crate) fn storage(gpu: &Gpu, bytes: u64, more: wgpu::BufferUsages) -> Result<Buffer, GpuError> {
    let limit = gpu.capabilities().max_buffer_bytes;
    if bytes > limit {
        return Err(GpuError::OutOfMemory {
            what: "a buffer",
            bytes,
            reason: format!("buffers have at most {limit} bytes"),
        });
    }
    let descriptor = wgpu::BufferDescriptor {
        label: None,
        size: bytes,
        usage: wgpu::BufferUsages::STORAGE | more,
        mapped_at_creation: false,
    };
    Ok(Buffer::new(gpu, &descriptor))
}

/// Writes values, filled up to whole words.
pub(crate) fn write(gpu: &Gpu, buffer: &wgpu::Buffer, offset: u64, values: &Values) {
    write_bytes(gpu, buffer, offset, bytes_of(values));
}

/// Writes bytes, filled up to whole words.
pub(crate) fn write_bytes(gpu: &Gpu, buffer: &wgpu::Buffer, offset: u64, bytes: &[u8]) {
    let whole = bytes.len() / 4 * 4;
    gpu.queue().write_buffer(buffer, offset, &bytes[..whole]);
    if let rest @ [_, ..] = &bytes[whole..] {
        let mut word = [0; 4];
        word[..rest.len()].copy_from_slice(rest);
        gpu.queue()
            .write_buffer(buffer, offset + whole as u64, &word);
    }
}

/// Bytes of a write from which on Chromium hands memory over instead of waiting until its other process has copied them,
/// which takes ten times as long.
pub(crate) const PIECE: usize = 4 << 20;

/// Writes one after the other what a buffer is filled with, in pieces of at least [`PIECE`] where there is as much.
pub(crate) struct Filling<'a> {
    gpu: &'a Gpu,
    buffer: &'a wgpu::Buffer,
    written: usize,
    piece: usize,
    next: Vec<u8>,
}

impl<'a> Filling<'a> {
    /// Of a whole buffer.
    pub fn new(gpu: &'a Gpu, buffer: &'a wgpu::Buffer) -> Self {
        let bytes = buffer.size() as usize;
        let piece = bytes.div_ceil((bytes / PIECE).max(1)).next_multiple_of(4);
        Self {
            gpu,
            buffer,
            written: 0,
            piece,
            next: Vec::with_capacity(piece),
        }
    }

    /// Writes bytes, behind zeros up to `offset`.
    pub fn write(&mut self, offset: usize, mut bytes: &[u8]) {
        let gap = offset.saturating_sub(self.written + self.next.len());
        self.next.resize(self.next.len() + gap, 0);
        while !bytes.is_empty() {
            if self.next.len() >= self.piece {
                self.flush();
            }
            // A whole piece goes as it lies.
            if let ([], Some((piece, rest))) = (&self.next[..], bytes.split_at_checked(self.piece))
            {
                self.put(piece);
                bytes = rest;
                continue;
            }
            let (now, later) = bytes.split_at(bytes.len().min(self.piece - self.next.len()));
            self.next.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Writes what is left, filled up to whole words.
    pub fn finish(mut self) {
        self.next.resize(self.next.len().next_multiple_of(4), 0);
        self.flush();
    }

    fn flush(&mut self) {
        let next = std::mem::take(&mut self.next);
        self.put(&next);
        self.next = next;
        self.next.clear();
    }

    fn put(&mut self, bytes: &[u8]) {
        let offset = self.written as u64;
        self.gpu.queue().write_buffer(self.buffer, offset, bytes);
        self.written += bytes.len();
    }
}

/// The values' memory.
pub(crate) fn bytes_of(values: &Values) -> &[u8] {
    match values {
        Values::F32(values) => view(values),
        Values::I32(values) => view(values),
        Values::I8(values) => view(values),
        Values::U8(values) => values,
    }
}

/// What every bit of is part of a value.
pub(crate) trait Plain: Copy {}
impl Plain for f32 {}
impl Plain for i32 {}
impl Plain for u32 {}
impl Plain for i8 {}

/// The numbers' memory.
pub(crate) fn view<T: Plain>(numbers: &[T]) -> &[u8] {
    // SAFETY: numbers have no padding, every byte is a valid u8, and the length is that of the slice.
    unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast(), size_of_val(numbers)) }
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
    pub buffer: Buffer,
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
        let descriptor = wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (bytes.len() as u64).max(ALIGNMENT),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        };
        let buffer = Buffer::new(gpu, &descriptor);
        gpu.queue().write_buffer(&buffer, 0, &bytes);
        Self { buffer, offsets }
    }
}
