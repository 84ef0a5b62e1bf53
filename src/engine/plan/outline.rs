//! What of a plan is known before its constants' values are there.

use super::{Plan, StepView};
use crate::TensorType;

/// Steps and types of a plan whose constants are still on their way: what a backend prepares that depends on no value.
/// With open dimensions, those of the largest extents.
#[derive(Debug)]
pub struct Outline(Plan);

impl Outline {
    /// `plan` has no constants' values: nobody may run it.
    pub(super) fn new(plan: Plan) -> Self {
        Self(plan)
    }

    /// As [`Plan::steps`].
    pub fn steps(&self) -> impl Iterator<Item = StepView<'_>> {
        self.0.steps()
    }

    /// As [`Plan::value_types`].
    pub fn value_types(&self) -> impl ExactSizeIterator<Item = &TensorType> {
        self.0.value_types()
    }
}
