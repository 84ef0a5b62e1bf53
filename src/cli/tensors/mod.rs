//! Tensors as people hand them over: NumPy archives in NumPy's element types, and made-up ones.

mod array;
mod npy;
pub mod npz;
mod random;

pub use array::{Array, Data, in_plan, of_plan};
pub use npy::read as read_npy;
pub use random::Random;
