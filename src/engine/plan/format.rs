//! Plans as files.
//!
//! ```text
//! 0   4  "NSPL"
//! 4   2  version, little-endian
//! 6   2  zero
//! 8   4  bytes of the graph
//! 12  4  bytes of the data
//! 16 16  XXH3-128 of everything behind the header, little-endian: against damage, not against malice, from which
//!        the checks below and a pack's content hashes protect
//! 32  …  graph (postcard); from version 2 on what open dimensions add, see symbols.rs (postcard)
//! …   …  data: the constants' values in order, little-endian, each at the next multiple of 64 from the data's begin
//! ```
//!
//! Version 1 is written where nothing needs version 2: older engines read it.
//!
//! Versions say how a file lies, not which operators it holds. Operators have been added behind the last one since
//! version 1 was fixed (`Cut`, `Attention` …) without a version of their own: an engine that doesn't know one refuses
//! the plan as [`PlanError::BadGraph`], not as [`PlanError::UnsupportedVersion`], and never runs it as another operator.
//!
//! Types are not stored: the reader builds the graph again and so infers and checks each of them.

use super::symbols::Extras;
use super::{Place, Plan, PlanReader};
use crate::{Op, PlanError, Tensor, TensorType, Values};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// The newest version that this engine reads, and writes where a plan needs it.
pub const FORMAT_VERSION: u16 = 2;

const MAGIC: &[u8; 4] = b"NSPL";
pub(super) const HEADER_BYTES: usize = 32;
const ALIGNMENT: usize = 64;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Graph {
    pub inputs: Vec<(String, TensorType)>,
    pub constants: Vec<Stored>,
    pub nodes: Vec<Step>,
    pub outputs: Vec<(String, u32)>,
}

/// A constant: where its values begin in the data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub ty: TensorType,
    pub offset: u32,
}

/// Values are numbered: inputs, constants, then the nodes' results in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    pub name: String,
    pub op: Op,
    pub inputs: Vec<u32>,
}

impl Plan {
    /// The plan as a file: with open dimensions, whichever way it is bound. Equal plans give equal bytes.
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] when constants or graph are beyond 4 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PlanError> {
        if let Some(template) = &self.template {
            let (constants, data) = data_of(&template.constants)?;
            let graph = template.graph.clone();
            return file(&Graph { constants, ..graph }, &template.extras, &data);
        }
        let (stored, data) = data_of(&self.constants)?;
        file(&self.graph(stored), &Extras::default(), &data)
    }

    /// The graph as a file has it.
    pub(crate) fn graph(&self, constants: Vec<Stored>) -> Graph {
        let numbers = self.stored_numbers();
        let step = |node: &super::Node| Step {
            name: node.name.clone(),
            op: node.op.clone(),
            inputs: node.inputs.iter().map(|&id| numbers[id]).collect(),
        };
        Graph {
            inputs: self
                .inputs()
                .iter()
                .map(|port| (port.name.clone(), port.ty.clone()))
                .collect(),
            constants,
            nodes: self.nodes.iter().map(step).collect(),
            outputs: self
                .outputs()
                .iter()
                .zip(&self.outputs)
                .map(|(port, &id)| (port.name.clone(), numbers[id]))
                .collect(),
        }
    }

    /// Number of each value in a file.
    fn stored_numbers(&self) -> Vec<u32> {
        let (inputs, constants) = (self.inputs().len(), self.constants.len());
        let mut numbers = vec![0; self.values.len()];
        for (number, value) in numbers.iter_mut().zip(&self.values) {
            match value.place {
                Place::Input(index) => *number = index as u32,
                Place::Constant(index) => *number = (inputs + index) as u32,
                Place::Slot(_) => {}
            }
        }
        // Results last: a reshaped input lies where the input does, but is a value of its own.
        let results = self.nodes.iter().flat_map(|node| &node.outputs);
        for (result, next) in results.zip(inputs + constants..) {
            numbers[*result] = next as u32;
        }
        numbers
    }

    /// Whether a file begins as a plan does.
    #[must_use]
    pub fn is_plan(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Types of all values, numbered as in a file.
    pub(crate) fn stored_types(&self) -> Vec<TensorType> {
        let mut types: Vec<(u32, &TensorType)> = self
            .stored_numbers()
            .into_iter()
            .zip(self.values.iter().map(|value| &value.ty))
            .collect();
        types.sort_by_key(|(number, _)| *number);
        types.into_iter().map(|(_, ty)| ty.clone()).collect()
    }

    /// Reads a plan without trusting it: whatever comes out is sound to run.
    ///
    /// # Errors
    /// Any [`PlanError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PlanError> {
        let mut reader = PlanReader::new();
        reader.push(bytes)?;
        reader.finish()
    }
}

/// The first bytes of a file.
#[derive(Clone, Copy)]
pub(super) struct Header {
    version: u16,
    pub graph_bytes: u32,
    pub data_bytes: u32,
    pub checksum: [u8; 16],
}

impl Header {
    /// # Errors
    /// [`PlanError::NotAPlan`], [`PlanError::UnsupportedVersion`].
    pub fn read(bytes: &[u8; HEADER_BYTES]) -> Result<Self, PlanError> {
        let u32_at = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        if !Plan::is_plan(bytes) {
            return Err(PlanError::NotAPlan);
        }
        let version = u16::from_le_bytes([bytes[4], bytes[5]]);
        if version > FORMAT_VERSION {
            return Err(PlanError::UnsupportedVersion {
                found: version,
                supported: FORMAT_VERSION,
            });
        }
        Ok(Self {
            version,
            graph_bytes: u32_at(8),
            data_bytes: u32_at(12),
            checksum: std::array::from_fn(|byte| bytes[16 + byte]),
        })
    }

    /// Length of the file.
    pub fn file_bytes(&self) -> u64 {
        HEADER_BYTES as u64 + u64::from(self.graph_bytes) + u64::from(self.data_bytes)
    }

    /// The graph, whose constants lie one behind the other and fill the data: if they shared their bytes, they could
    /// take any multiple of the file in memory.
    ///
    /// # Errors
    /// [`PlanError::BadGraph`] when `bytes` hold no graph, or more than one, or the constants lie otherwise.
    pub fn graph(&self, bytes: &[u8]) -> Result<(Graph, Extras), PlanError> {
        let undecoded = |e: postcard::Error| bad(&e.to_string());
        let (graph, mut rest): (Graph, _) = postcard::take_from_bytes(bytes).map_err(undecoded)?;
        let mut extras = Extras::default();
        if self.version > 1 {
            (extras, rest) = postcard::take_from_bytes(rest).map_err(undecoded)?;
        }
        if !rest.is_empty() {
            return Err(bad(&format!("{} bytes too many", rest.len())));
        }
        let mut end = 0_usize;
        for Stored { ty, offset } in &graph.constants {
            let size = ty
                .size_bytes()
                .ok_or_else(|| bad("a constant can't be addressed"))?;
            let from = end.next_multiple_of(ALIGNMENT);
            if *offset as usize != from {
                return Err(bad("a constant does not follow the one before it"));
            }
            end = from.saturating_add(size);
            if end > self.data_bytes as usize {
                return Err(bad("a constant lies outside the data"));
            }
        }
        if end != self.data_bytes as usize {
            return Err(bad("there is more data than constants"));
        }
        Ok((graph, extras))
    }
}

fn bad(detail: &str) -> PlanError {
    PlanError::BadGraph {
        detail: detail.to_owned(),
    }
}

/// Header, graph and data.
pub(super) fn file(graph: &Graph, extras: &Extras, data: &[u8]) -> Result<Vec<u8>, PlanError> {
    let bad = |e: postcard::Error| PlanError::BadGraph {
        detail: e.to_string(),
    };
    let mut graph = postcard::to_allocvec(graph).map_err(bad)?;
    let version = if extras.is_empty() { 1 } else { FORMAT_VERSION };
    if version > 1 {
        graph.extend(postcard::to_allocvec(extras).map_err(bad)?);
    }
    let mut bytes = Vec::with_capacity(HEADER_BYTES + graph.len() + data.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes.extend_from_slice(&checked_u32("the plan's graph", graph.len())?.to_le_bytes());
    bytes.extend_from_slice(&checked_u32("the plan's data", data.len())?.to_le_bytes());
    bytes.extend_from_slice(&checksum(&[&graph, data]));
    bytes.extend_from_slice(&graph);
    bytes.extend_from_slice(data);
    Ok(bytes)
}

/// Where each constant lies in the data, and the data.
fn data_of(constants: &[Arc<Tensor>]) -> Result<(Vec<Stored>, Vec<u8>), PlanError> {
    let (mut stored, mut data) = (Vec::new(), Vec::new());
    for constant in constants {
        data.resize(data.len().next_multiple_of(ALIGNMENT), 0);
        stored.push(Stored {
            ty: constant.ty(),
            offset: checked_u32("the plan's data", data.len())?,
        });
        append(&mut data, constant.values());
    }
    Ok((stored, data))
}

fn checked_u32(what: &'static str, len: usize) -> Result<u32, PlanError> {
    let limit = u64::from(u32::MAX);
    u32::try_from(len).map_err(|_| PlanError::TooLarge {
        what,
        bytes: len as u64,
        limit,
    })
}

pub(super) fn checksum(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(part);
    }
    hash.digest128().to_le_bytes()
}

fn append(data: &mut Vec<u8>, values: &Values) {
    match values {
        Values::F32(v) => v
            .iter()
            .for_each(|x| data.extend_from_slice(&x.to_le_bytes())),
        Values::I32(v) => v
            .iter()
            .for_each(|x| data.extend_from_slice(&x.to_le_bytes())),
        Values::I8(v) => data.extend(v.iter().map(|x| x.cast_unsigned())),
        Values::U8(v) => data.extend_from_slice(v),
    }
}
