//! What runs a model: named tensors in, named tensors out, on whatever backend.

use crate::{Tensor, TensorType};

/// Name and type of one input or output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Name in the ONNX graph.
    pub name: String,
    /// Element type and extents.
    pub ty: TensorType,
}

/// A model ready to run. Domain crates take `&mut dyn Session` and never name a backend.
pub trait Session {
    /// Inputs in the model's order.
    fn inputs(&self) -> &[Port];
    /// Outputs in the model's order.
    fn outputs(&self) -> &[Port];
    /// Runs the model once. `inputs` are matched by name, in any order; all must be given.
    ///
    /// # Errors
    /// [`RunError`](crate::RunError) when an input is missing, unknown, of another dtype or shape,
    /// or when the values make an operator fail (an index out of range).
    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, crate::RunError>;
}
