//! A plan as another backend executes it: its steps, and where their values lie.

use super::{Place, Plan, SlotType};
use crate::{Op, RunError, Tensor, TensorType};

/// One step, in execution order. Operands and results are numbers of values.
#[derive(Debug, Clone, Copy)]
pub struct StepView<'a> {
    /// The ONNX node's name.
    pub name: &'a str,
    /// Operator and attributes.
    pub op: &'a Op,
    /// Operands.
    pub inputs: &'a [usize],
    /// Results.
    pub outputs: &'a [usize],
}

/// An output whose extent along `axis` the values tell: the first element of the value `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutView {
    /// The axis cut.
    pub axis: usize,
    /// Number of the value that counts.
    pub count: usize,
}

impl Plan {
    /// Steps in execution order. Those that compute nothing are left out: their results lie where their operands do.
    pub fn steps(&self) -> impl Iterator<Item = StepView<'_>> {
        let computing = self.nodes.iter().filter(|node| !node.op.is_view());
        computing.map(|node| StepView {
            name: &node.name,
            op: &node.op,
            inputs: &node.inputs,
            outputs: &node.outputs,
        })
    }

    /// Type of each value, by its number.
    pub fn value_types(&self) -> impl ExactSizeIterator<Item = &TensorType> {
        self.values.iter().map(|value| &value.ty)
    }

    /// Place of each value, by its number.
    pub fn value_places(&self) -> impl ExactSizeIterator<Item = Place> {
        self.values.iter().map(|value| value.place)
    }

    /// Constants, as [`Place::Constant`] numbers them.
    pub fn constants(&self) -> impl ExactSizeIterator<Item = &Tensor> {
        self.constants.iter().map(AsRef::as_ref)
    }

    /// Buffers, as [`Place::Slot`] numbers them.
    #[must_use]
    pub fn slots(&self) -> &[SlotType] {
        &self.slots
    }

    /// The value of each output, and how it is cut when it is returned.
    pub fn output_values(&self) -> impl ExactSizeIterator<Item = (usize, Option<CutView>)> {
        let cuts = self.cuts.iter().map(|cut| {
            cut.map(|cut| CutView {
                axis: cut.axis,
                count: cut.count,
            })
        });
        self.outputs.iter().copied().zip(cuts)
    }

    /// The caller's tensors in the order of [`Plan::inputs`].
    ///
    /// # Errors
    /// [`RunError::UnknownInput`] and [`RunError::MissingInput`].
    pub fn in_order<'a>(&self, inputs: &[(&str, &'a Tensor)]) -> Result<Vec<&'a Tensor>, RunError> {
        let ports = self.inputs();
        if let Some((name, _)) = inputs
            .iter()
            .find(|(name, _)| !ports.iter().any(|port| port.name == *name))
        {
            let known: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
            return Err(RunError::UnknownInput {
                name: (*name).to_owned(),
                known: known.join(", "),
            });
        }
        let named = ports.iter().map(|port| {
            let given = inputs.iter().find(|(name, _)| *name == port.name);
            given
                .map(|(_, tensor)| *tensor)
                .ok_or_else(|| RunError::MissingInput {
                    name: port.name.clone(),
                })
        });
        named.collect()
    }
}
