//! The constants of a plan whose data arrives in pieces.

use crate::plan::Outline;
use crate::plan::bind::Template;
use crate::plan::format::{Graph, Header};
use crate::plan::symbols::Extras;
use crate::{DType, Plan, PlanError, Tensor, Values};
use nearshelf_kernels::append_le;
use std::sync::Arc;

/// The graph, and its constants one after the other.
pub(super) struct Constants {
    graph: Graph,
    extras: Extras,
    /// Those that are complete.
    tensors: Vec<Arc<Tensor>>,
    /// What there is of the next.
    values: Values,
    /// The first bytes of an element that the last piece has cut.
    cut: Vec<u8>,
    /// Bytes of the data that were taken.
    taken: usize,
}

impl Constants {
    /// Reads the graph out of its bytes.
    ///
    /// # Errors
    /// As [`Header::graph`].
    pub fn new(header: &Header, graph: &[u8]) -> Result<Self, PlanError> {
        let (graph, extras) = header.graph(graph)?;
        let mut constants = Self {
            graph,
            extras,
            tensors: Vec::new(),
            values: Values::empty(DType::U8),
            cut: Vec::new(),
            taken: 0,
        };
        // Those without elements need no byte.
        constants.push(&[], 0)?;
        Ok(constants)
    }

    /// Takes the next bytes of the data; `received` is what has arrived of the whole file.
    ///
    /// # Errors
    /// [`PlanError::OutOfMemory`].
    pub fn push(&mut self, mut bytes: &[u8], received: u64) -> Result<(), PlanError> {
        while let Some(stored) = self.graph.constants.get(self.tensors.len()) {
            let from = stored.offset as usize;
            let end = from + stored.ty.size_bytes().unwrap_or(0);
            let gap = from.saturating_sub(self.taken);
            let Some(rest) = bytes.get(gap..) else {
                self.taken += bytes.len();
                return Ok(());
            };
            self.taken += gap;
            if self.taken == from {
                self.values = Values::empty(stored.ty.dtype);
            }
            let (now, later) = rest.split_at((end - self.taken).min(rest.len()));
            self.taken += now.len();
            bytes = later;
            let arriving = Arriving {
                cut: &mut self.cut,
                bytes: now,
                missing: end - self.taken,
                received,
            };
            arriving.append_to(&mut self.values)?;
            if self.taken < end {
                return Ok(());
            }
            let values = std::mem::replace(&mut self.values, Values::empty(DType::U8));
            let tensor = Tensor::new(stored.ty.shape.clone(), values);
            let tensor = tensor.map_err(|e| PlanError::BadGraph {
                detail: e.to_string(),
            })?;
            self.tensors.push(Arc::new(tensor));
        }
        Ok(())
    }

    /// What is known before the data has been taken.
    ///
    /// # Errors
    /// Any [`PlanError`] of a graph.
    pub fn outline(&self) -> Result<Outline, PlanError> {
        Template::outline(&self.graph, &self.extras)
    }

    /// The plan, when all data has been taken.
    ///
    /// # Errors
    /// Any [`PlanError`] of a graph.
    pub fn into_plan(self) -> Result<Plan, PlanError> {
        let lacking = self.graph.constants.iter().skip(self.tensors.len());
        let bytes = lacking.map(|stored| stored.ty.size_bytes().unwrap_or(0) as u64);
        let bytes = bytes.fold(0, u64::saturating_add);
        if bytes > 0 {
            // A piece that found no memory was lost.
            return Err(PlanError::OutOfMemory { bytes });
        }
        let template = Template {
            graph: self.graph,
            constants: self.tensors,
            extras: self.extras,
        };
        template.plan()
    }
}

/// Bytes for which there is room anyhow: what is moved to a larger place leaves a hole where it was.
const SMALL: usize = 8 << 20;

/// The next bytes of one constant.
struct Arriving<'a> {
    cut: &'a mut Vec<u8>,
    bytes: &'a [u8],
    /// Bytes of the constant that come after these.
    missing: usize,
    /// Bytes of the file so far.
    received: u64,
}

impl Arriving<'_> {
    fn append_to(self, values: &mut Values) -> Result<(), PlanError> {
        match values {
            Values::F32(values) => self.make_room(values),
            Values::I32(values) => self.make_room(values),
            Values::I8(values) => self.make_room(values),
            Values::U8(values) => self.make_room(values),
        }?;
        let Self { cut, mut bytes, .. } = self;
        let size = values.dtype().size_bytes();
        if !cut.is_empty() {
            bytes = super::fill(cut, bytes, size);
            if cut.len() == size {
                append_le(values, cut);
                cut.clear();
            }
        }
        cut.extend_from_slice(append_le(values, bytes));
        Ok(())
    }

    /// Room for what has arrived.
    ///
    /// A file may announce more than it has: room is made for all of the constant where that is small, else for no
    /// more than as much again as has arrived.
    fn make_room<T>(&self, values: &mut Vec<T>) -> Result<(), PlanError> {
        let size = size_of::<T>();
        let here = self.cut.len() + self.bytes.len();
        let now = here / size;
        if values.capacity() - values.len() >= now {
            return Ok(());
        }
        let all = (here + self.missing) / size;
        let arrived = usize::try_from(self.received).unwrap_or(usize::MAX);
        let room = all.min(now.max(arrived.max(SMALL) / size));
        let reserved = values.try_reserve_exact(room);
        reserved.map_err(|_| PlanError::OutOfMemory {
            bytes: (room as u64).saturating_mul(size as u64),
        })
    }
}
