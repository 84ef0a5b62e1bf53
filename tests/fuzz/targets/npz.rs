#![no_main]
//! NumPy archives, as `nearshelf run` reads them.

use libfuzzer_sys::fuzz_target;

// The command is no library: its reader is compiled into this target.
#[allow(dead_code)]
#[path = "../../../src/cli/tensors/array.rs"]
mod array;
#[allow(dead_code)]
#[path = "../../../src/cli/tensors/npy.rs"]
mod npy;
#[allow(dead_code)]
#[path = "../../../src/cli/tensors/npz.rs"]
mod npz;
use array::{Array, Data};

fuzz_target!(|bytes: &[u8]| {
    let _ = npy::read(bytes);
    if let Ok(arrays) = npz::arrays(bytes) {
        for (_, array) in &arrays {
            assert_eq!(array.shape.iter().product::<usize>(), array.len());
        }
    }
});
