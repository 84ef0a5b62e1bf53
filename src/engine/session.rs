//! What runs a model: named tensors in, named tensors out, on whatever backend.

use crate::{Symbol, Tensor, TensorType};

/// Name and type of one input or output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Name in the ONNX graph.
    pub name: String,
    /// Element type and extents; the largest ones where axes are open.
    pub ty: TensorType,
    /// Axes of an input that each run may give another extent.
    pub open: Vec<OpenAxis>,
}

/// An axis that each run may give another extent. Axes of one symbol have the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAxis {
    /// Which axis of the tensor.
    pub axis: usize,
    /// Its name and range.
    pub symbol: Symbol,
}

impl Port {
    /// A port without open axes.
    #[must_use]
    pub fn new(name: impl Into<String>, ty: TensorType) -> Self {
        Self {
            name: name.into(),
            ty,
            open: Vec::new(),
        }
    }
}

impl std::fmt::Display for Port {
    /// The type, with names and ranges for open axes: `i32[batch=1..8, 128]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[", self.ty.dtype)?;
        for (axis, extent) in self.ty.shape.iter().enumerate() {
            let comma = if axis == 0 { "" } else { ", " };
            match self.open.iter().find(|open| open.axis == axis) {
                Some(open) => write!(f, "{comma}{}", open.symbol)?,
                None => write!(f, "{comma}{extent}")?,
            }
        }
        f.write_str("]")
    }
}

/// A model ready to run. Domain crates take `&mut dyn Session` and never name a backend.
pub trait Session {
    /// Inputs in the model's order.
    fn inputs(&self) -> &[Port];
    /// Outputs in the model's order.
    fn outputs(&self) -> &[Port];
    /// Runs the model once. `inputs` are matched by name, in any order; all must be given. An output whose length the
    /// values tell, as a detector's boxes, comes shorter than [`Self::outputs`] says.
    ///
    /// # Errors
    /// [`RunError`](crate::RunError) when an input is missing, unknown, of another dtype or shape,
    /// or when the values make an operator fail (an index out of range).
    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, crate::RunError>;
}
