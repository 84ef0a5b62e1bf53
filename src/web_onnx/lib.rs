//! JavaScript bindings of the ONNX compiler: nearshelf_onnx.wasm, loaded only for a raw model.
