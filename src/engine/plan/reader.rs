//! Reads a plan's file as it arrives: each constant goes straight into the tensor that sessions read, so that weights
//! are never held twice.

mod constants;

use super::format::{HEADER_BYTES, Header};
use super::{Outline, Plan};
use crate::PlanError;
use constants::Constants;
use xxhash_rust::xxh3::Xxh3;

/// Takes a plan's file in pieces of any length. Nothing is allocated but what the pieces so far justify.
///
/// ```
/// # use nearshelf_engine::{Plan, PlanError, PlanReader};
/// # fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Result<Plan, PlanError> {
/// let mut reader = PlanReader::new();
/// for piece in pieces {
///     reader.push(piece)?;
/// }
/// reader.finish()
/// # }
/// ```
#[derive(Default)]
pub struct PlanReader {
    received: u64,
    /// Of everything behind the header.
    hash: Xxh3,
    stage: Stage,
}

/// What is being read.
enum Stage {
    Header(Vec<u8>),
    Graph(Header, Vec<u8>),
    /// What is wrong with the graph is told when the checksum has said that it was written so.
    Data(Header, Result<Box<Constants>, PlanError>),
}

impl Default for Stage {
    fn default() -> Self {
        Self::Header(Vec::new())
    }
}

impl PlanReader {
    /// A reader that expects the file's first byte.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the file. After an error nothing more can be read.
    ///
    /// # Errors
    /// [`PlanError::NotAPlan`], [`PlanError::UnsupportedVersion`], [`PlanError::WrongSize`] when there are more bytes
    /// than the header says, [`PlanError::OutOfMemory`].
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), PlanError> {
        self.received += bytes.len() as u64;
        if let Stage::Header(begin) = &mut self.stage {
            bytes = fill(begin, bytes, HEADER_BYTES);
            let Some(header) = begin.first_chunk() else {
                return Ok(());
            };
            self.stage = Stage::Graph(Header::read(header)?, Vec::new());
        }
        let (Stage::Graph(header, _) | Stage::Data(header, _)) = &self.stage else {
            return Ok(());
        };
        if self.received > header.file_bytes() {
            return Err(self.wrong_size(header));
        }
        self.hash.update(bytes);
        if let Stage::Graph(header, graph) = &mut self.stage {
            bytes = fill(graph, bytes, header.graph_bytes as usize);
            if graph.len() < header.graph_bytes as usize {
                return Ok(());
            }
            let constants = Constants::new(header, graph).map(Box::new);
            self.stage = Stage::Data(*header, constants);
        }
        if let Stage::Data(_, Ok(constants)) = &mut self.stage {
            constants.push(bytes, self.received)?;
        }
        Ok(())
    }

    /// What tells the file from others, once its header has arrived: the checksum that [`Self::finish`] holds it to.
    #[must_use]
    pub fn checksum(&self) -> Option<[u8; 16]> {
        match &self.stage {
            Stage::Header(_) => None,
            Stage::Graph(header, _) | Stage::Data(header, _) => Some(header.checksum),
        }
    }

    /// What the plan computes, once its graph has arrived, which comes before the constants. It may be damaged:
    /// [`Self::finish`] tells.
    #[must_use]
    pub fn outline(&self) -> Option<Result<Outline, PlanError>> {
        match &self.stage {
            Stage::Data(_, Ok(constants)) => Some(constants.outline()),
            _ => None,
        }
    }

    /// The plan, when all bytes have been taken. It is sound to run, whatever they were.
    ///
    /// # Errors
    /// Any [`PlanError`].
    pub fn finish(self) -> Result<Plan, PlanError> {
        let (Stage::Graph(header, _) | Stage::Data(header, _)) = &self.stage else {
            return Err(PlanError::NotAPlan);
        };
        if self.received != header.file_bytes() {
            return Err(self.wrong_size(header));
        }
        if header.checksum != self.hash.digest128().to_le_bytes() {
            return Err(PlanError::ChecksumMismatch);
        }
        match self.stage {
            Stage::Data(_, constants) => constants?.into_plan(),
            Stage::Header(_) | Stage::Graph(..) => Err(PlanError::NotAPlan),
        }
    }

    fn wrong_size(&self, header: &Header) -> PlanError {
        PlanError::WrongSize {
            found: self.received,
            expected: header.file_bytes(),
        }
    }
}

impl std::fmt::Debug for PlanReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanReader")
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

/// Moves the first of `bytes` into `buffer` until that has `len`; returns the others.
fn fill<'a>(buffer: &mut Vec<u8>, bytes: &'a [u8], len: usize) -> &'a [u8] {
    let (now, later) = bytes.split_at(len.saturating_sub(buffer.len()).min(bytes.len()));
    buffer.extend_from_slice(now);
    later
}
