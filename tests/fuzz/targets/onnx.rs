#![no_main]
//! ONNX files: compiled with their open dimensions bound to 2, and run.

use libfuzzer_sys::fuzz_target;
use nearshelf_engine::Plan;
use nearshelf_onnx::{CompileOptions, compile, open_dimensions, signature};

fuzz_target!(|bytes: &[u8]| {
    let _ = signature(bytes);
    let Ok(open) = open_dimensions(bytes) else {
        return;
    };
    let bind = open.into_iter().map(|dimension| (dimension.symbol, 2));
    let options = CompileOptions {
        bind: bind.collect(),
        ..CompileOptions::default()
    };
    if let Ok(plan) = compile(bytes, &options) {
        if plan.weight_bytes() < 1 << 20 {
            let written = plan.to_bytes().expect("a compiled plan can be written");
            Plan::from_bytes(&written).expect("a compiled plan can be read");
        }
        nearshelf_fuzz::run(plan);
    }
});
