//! ONNX files compiled to plans through tract-onnx.
