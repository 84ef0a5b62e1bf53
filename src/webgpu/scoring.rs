//! A catalogue's embeddings on the device: scores, filter and top-k there, and only the best items read back.

use crate::buffers::{Buffer, Filling, storage, view, write_bytes};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{SCORE_ITEMS, SELECT_BEST, WORKGROUP};
use crate::submission::{Closed, Copied, Scopes, Submission};
use crate::{Gpu, GpuError};
use std::cell::RefCell;
use std::rc::Rc;

/// Scores that one workgroup selects from.
const TILE: usize = 1024;
/// Most items of an answer: each pass has to leave fewer than it takes.
pub const MAX_K: usize = 256;
/// Bytes of a vector, to which rows are filled up.
const VECTOR: usize = 16;
/// Items whose bits in a filter lie in one word.
const BITS: usize = 32;

/// An item and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Number of its row.
    pub item: u32,
    /// Inner product with the query.
    pub score: f32,
}

/// Rows of q8 in the device's memory, asked for those closest to a query.
#[derive(Debug)]
pub struct ItemMatrix {
    gpu: Rc<Gpu>,
    items: usize,
    dim: usize,
    query: Buffer,
    wanted: Buffer,
    /// Whether the filter on the device lets all items pass, as most do.
    lets_all_pass: RefCell<bool>,
    buffers: Buffers,
    /// The last `k` and what answers it.
    prepared: RefCell<Option<(usize, Rc<Submission>)>>,
    /// What the browser hasn't told yet of the buffers.
    unchecked: RefCell<Option<Closed>>,
}

#[derive(Debug)]
struct Buffers {
    /// Rows, as many in each as a shader sees at once.
    chunks: Vec<Buffer>,
    rows_of_chunk: usize,
    scales: Buffer,
    scores: Buffer,
    /// Scores and items that passes leave, in turns.
    best: [[Buffer; 2]; 2],
}

impl ItemMatrix {
    /// Uploads rows: `values` `[items, dim]`, row-major q8; `scales` `[items]`. A scale that is no finite number counts as 0.
    ///
    /// # Errors
    /// [`GpuError::OutOfMemory`] when they are beyond the adapter's limits, [`GpuError::Refused`] when there are not `dim`
    /// values for each scale. What the browser says of the buffers is told by the first query.
    pub fn upload(
        gpu: &Rc<Gpu>,
        dim: usize,
        values: &[i8],
        scales: &[f32],
    ) -> Result<Self, GpuError> {
        let items = scales.len();
        if dim == 0 || items == 0 || items.checked_mul(dim) != Some(values.len()) {
            return Err(GpuError::Refused {
                what: "a catalogue's embeddings".to_owned(),
                reason: format!(
                    "{} values are not {dim} for each of {items} scales",
                    values.len()
                ),
            });
        }
        let scopes = Scopes::open(gpu);
        let made = Buffers::upload(gpu, dim, values, scales);
        let more = wgpu::BufferUsages::COPY_DST;
        let words = items.div_ceil(BITS).next_multiple_of(4);
        let made = made.and_then(|buffers| {
            let query = storage(gpu, (dim.next_multiple_of(VECTOR) * 4) as u64, more)?;
            Ok((buffers, query, storage(gpu, words as u64 * 4, more)?))
        });
        let closed = scopes.close();
        let (buffers, query, wanted) = made?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            items,
            dim,
            query,
            wanted,
            lets_all_pass: RefCell::new(false),
            buffers,
            prepared: RefCell::default(),
            unchecked: RefCell::new(Some(closed)),
        })
    }

    /// The `k` items with the largest inner products, largest first, ties in the order of items; fewer where not as many
    /// are wanted. `query` is finite; a score below −3.4e38, and one that is no number, is −3.4e38. `wanted` has a bit an item, the first in the lowest bit of the first word; all are wanted without it.
    ///
    /// # Errors
    /// [`GpuError::Refused`] when `query` has not as many values as a row, `wanted` not a bit an item, or `k` is beyond
    /// [`MAX_K`]; any other [`GpuError`] when the CPU has to do it.
    pub async fn top_k(
        &self,
        query: &[f32],
        k: usize,
        wanted: Option<&[u32]>,
    ) -> Result<Vec<Scored>, GpuError> {
        let words = self.items.div_ceil(BITS);
        let fits = wanted.is_none_or(|wanted| wanted.len() == words);
        if query.len() != self.dim || !fits || k > MAX_K {
            return Err(GpuError::Refused {
                what: "a query".to_owned(),
                reason: format!(
                    "it takes {} values, a filter of {words} words and k of at most {MAX_K}",
                    self.dim
                ),
            });
        }
        if k == 0 {
            return Ok(Vec::new());
        }
        if let Some(reason) = self.gpu.lost() {
            return Err(GpuError::Lost { reason });
        }
        let scopes = Scopes::open(&self.gpu);
        write_bytes(&self.gpu, &self.query, 0, view(query));
        let lets_all_pass = wanted.is_none() && *self.lets_all_pass.borrow();
        if !lets_all_pass {
            let all = wanted.is_none().then(|| vec![u32::MAX; words]);
            let bits = wanted.or(all.as_deref()).unwrap_or_default();
            write_bytes(&self.gpu, &self.wanted, 0, view(bits));
            *self.lets_all_pass.borrow_mut() = wanted.is_none();
        }
        let submission = self.prepared(k);
        let ran = submission.run(&self.gpu, scopes).await;
        let unchecked = self.unchecked.borrow_mut().take();
        if let Some(closed) = unchecked {
            let bytes = self.items * self.dim;
            let verdict = closed.verdict(&self.gpu, "a catalogue's embeddings", bytes);
            verdict.await?;
        }
        let bytes = ran?.bytes;
        let (words, _) = bytes.as_chunks();
        let (scores, items) = words.split_at(words.len() / 2);
        let pairs = scores.iter().zip(items).take(k);
        let found = pairs.map(|(score, item)| Scored {
            item: u32::from_le_bytes(*item),
            score: f32::from_le_bytes(*score),
        });
        Ok(found.take_while(|found| found.item != u32::MAX).collect())
    }

    /// The submission for `k`, kept for the next query.
    fn prepared(&self, k: usize) -> Rc<Submission> {
        if let Some((_, submission)) = self.prepared.borrow().as_ref().filter(|(of, _)| *of == k) {
            return Rc::clone(submission);
        }
        let submission = Rc::new(self.prepare(k));
        *self.prepared.borrow_mut() = Some((k, Rc::clone(&submission)));
        submission
    }

    fn prepare(&self, k: usize) -> Submission {
        // Regions are numbers of these.
        let Buffers {
            chunks,
            rows_of_chunk,
            scales,
            scores,
            best,
        } = &self.buffers;
        let [first, second] = best;
        let all = [
            scales,
            &self.query,
            &self.wanted,
            scores,
            &first[0],
            &first[1],
            &second[0],
            &second[1],
        ];
        let [scales, query, wanted, scores] = [0, 1, 2, 3].map(Region::Scratch);
        let best = [[4, 5].map(Region::Scratch), [6, 7].map(Region::Scratch)];
        let vectors = self.dim.div_ceil(VECTOR);
        let mut dispatches = Vec::new();
        for (chunk, from) in (0..self.items).step_by(*rows_of_chunk).enumerate() {
            let rows = (self.items - from).min(*rows_of_chunk);
            dispatches.push(Dispatch {
                shader: &SCORE_ITEMS,
                constants: Vec::new(),
                params: [rows, vectors, from].map(|n| n as u32).to_vec(),
                reads: vec![Region::Value(chunk), scales, query, wanted],
                writes: vec![scores],
                workgroups: (rows as u64).div_ceil(u64::from(WORKGROUP)),
            });
        }
        let (mut count, mut turn) = (self.items, 0);
        let mut from = [scores, best[1][1]];
        loop {
            let tiles = count.div_ceil(TILE);
            let is_first = u32::from(count == self.items && turn == 0);
            let to = best[turn % 2];
            dispatches.push(Dispatch {
                shader: &SELECT_BEST,
                constants: vec![("NEAR", self.gpu.capabilities().near)],
                params: vec![count as u32, k as u32, is_first],
                reads: from.to_vec(),
                writes: to.to_vec(),
                workgroups: tiles as u64,
            });
            (count, turn, from) = (tiles * k, turn + 1, to);
            if tiles == 1 {
                break;
            }
        }
        let region = |region: Region| {
            let buffer = match region {
                Region::Value(chunk) => &chunks[chunk],
                Region::Scratch(at) => all[at],
                // Nothing here fails by values, and there are no tables.
                Region::Table(_) | Region::Fault => all[0],
            };
            buffer.as_entire_buffer_binding()
        };
        let bytes = (k as u64 * 4).next_multiple_of(16);
        let results = &self.buffers.best[(turn + 1) % 2];
        let copies = results.iter().map(|buffer| Copied {
            from: buffer.clone(),
            offset: 0,
            bytes,
        });
        Submission::new(&self.gpu, &dispatches, &region, copies.collect())
    }
}

impl Buffers {
    fn upload(gpu: &Gpu, dim: usize, values: &[i8], scales: &[f32]) -> Result<Self, GpuError> {
        let row_bytes = dim.next_multiple_of(VECTOR);
        let capabilities = gpu.capabilities();
        let limit = capabilities
            .max_binding_bytes
            .min(capabilities.max_buffer_bytes);
        let rows = usize::try_from(limit).unwrap_or(usize::MAX) / row_bytes;
        let rows = rows.clamp(1, scales.len());
        let more = wgpu::BufferUsages::COPY_DST;
        let mut chunks = Vec::new();
        for rows in values.chunks(rows * dim) {
            let count = rows.len() / dim;
            let buffer = storage(gpu, (count * row_bytes) as u64, more)?;
            write_rows(gpu, &buffer, rows, [dim, row_bytes]);
            chunks.push(buffer);
        }
        let floats = (scales.len() * 4).next_multiple_of(VECTOR) as u64;
        let finite = scales.iter().map(|x| if x.is_finite() { *x } else { 0.0 });
        let buffer = storage(gpu, floats, more)?;
        write_bytes(gpu, &buffer, 0, view(&finite.collect::<Vec<f32>>()));
        // What the first pass leaves is the most that any does.
        let left = (scales.len().div_ceil(TILE) * MAX_K * 4) as u64;
        let best = || storage(gpu, left, wgpu::BufferUsages::COPY_SRC);
        Ok(Self {
            chunks,
            rows_of_chunk: rows,
            scales: buffer,
            scores: storage(gpu, floats, wgpu::BufferUsages::empty())?,
            best: [[best()?, best()?], [best()?, best()?]],
        })
    }
}

/// Writes rows of `dim` bytes as rows of `row_bytes`.
fn write_rows(gpu: &Gpu, buffer: &Buffer, rows: &[i8], [dim, row_bytes]: [usize; 2]) {
    if row_bytes == dim {
        write_bytes(gpu, buffer, 0, view(rows));
        return;
    }
    let mut filling = Filling::new(gpu, buffer);
    for (number, row) in rows.chunks_exact(dim).enumerate() {
        filling.write(number * row_bytes, view(row));
    }
    filling.finish();
}
