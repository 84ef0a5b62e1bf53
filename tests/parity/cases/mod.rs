//! The cases: a file a family of kernels.

pub mod attention;
pub mod convolutions;
pub mod elementwise;
pub mod products;
