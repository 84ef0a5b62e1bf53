//! The cases: a file a family of kernels.

pub mod arithmetic;
pub mod attention;
pub mod convolutions;
pub mod elementwise;
pub mod moving;
pub mod picking;
pub mod products;
pub mod retrieval;
pub mod windows;
