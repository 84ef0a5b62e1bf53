//! What the compiler and the CPU executor make of ONNX files, against native ONNX Runtime.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod case;
mod fixtures;
mod malformed;
mod open;
mod public;
