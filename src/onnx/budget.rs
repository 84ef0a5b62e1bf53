//! How much the compiler may write out and work out: a few bytes of a file can ask for constants of any size, and for
//! work on them again and again. A `ConstantOfShape` beyond it is left to the run, every other constant is refused;
//! nodes that would take more work are left to the run.

use crate::constant::Constant;
use nearshelf_engine::PlanError;
use std::collections::HashMap;
use std::rc::Rc;

/// Most bytes of one constant that the file doesn't hold itself.
pub(crate) const MAX_CONSTANT_BYTES: u64 = 256 << 20;

/// Most bytes of all such constants of a model.
const MAX_WRITTEN_BYTES: u64 = 512 << 20;

/// Most elements that all nodes which are worked out now may read: some passes over the weights of a large model.
const MAX_READ: u64 = 1 << 30;

/// A node that reads no more is always worked out: it may be a shape, which the run can't take.
const SMALL: u64 = 1 << 10;

/// Counts the constants of one model, and keeps them: a dropped one's address might be another's.
#[derive(Default)]
pub(crate) struct Budget {
    counted: HashMap<*const Constant, Rc<Constant>>,
    written_bytes: u64,
    elements_read: u64,
}

impl Budget {
    /// Bytes that the next constant may have.
    pub(crate) fn room(&self) -> u64 {
        MAX_CONSTANT_BYTES.min(MAX_WRITTEN_BYTES.saturating_sub(self.written_bytes))
    }

    /// Takes a constant that the file holds, which is not counted.
    pub(crate) fn read(&mut self, constant: &Rc<Constant>) {
        self.counted
            .insert(Rc::as_ptr(constant), Rc::clone(constant));
    }

    /// Whether a node that reads so many elements may be worked out; counts them if so.
    pub(crate) fn work_out(&mut self, elements: u64) -> bool {
        if elements <= SMALL {
            return true;
        }
        let read = self.elements_read.saturating_add(elements);
        let fits = read <= MAX_READ;
        if fits {
            self.elements_read = read;
        }
        fits
    }

    /// Counts a constant, once.
    ///
    /// # Errors
    /// [`PlanError::TooLarge`] when the model asks for more than is given.
    pub(crate) fn write(&mut self, constant: &Rc<Constant>) -> Result<(), PlanError> {
        if self.counted.contains_key(&Rc::as_ptr(constant)) {
            return Ok(());
        }
        self.read(constant);
        self.written_bytes = self.written_bytes.saturating_add(constant.bytes());
        if self.written_bytes > MAX_WRITTEN_BYTES {
            return Err(PlanError::TooLarge {
                what: "the constants that the model's nodes give",
                bytes: self.written_bytes,
                limit: MAX_WRITTEN_BYTES,
            });
        }
        Ok(())
    }
}

/// The number of elements of `shape`, when that many of `element_bytes` are allowed in one constant.
pub(crate) fn affordable(shape: &[usize], element_bytes: usize) -> Option<usize> {
    let len = shape
        .iter()
        .try_fold(1_usize, |product, &extent| product.checked_mul(extent))?;
    let bytes = (len as u64).checked_mul(element_bytes as u64)?;
    (bytes <= MAX_CONSTANT_BYTES).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_but_for_what_is_small() {
        let mut budget = Budget::default();
        assert!(budget.work_out(MAX_READ - 1));
        assert!(!budget.work_out(SMALL + 1));
        assert!(budget.work_out(SMALL));
        assert!(!budget.work_out(u64::MAX));
    }
}
