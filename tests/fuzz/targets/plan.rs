#![no_main]
//! Plans: as they come, and with lengths and checksum that fit, at once and in pieces. What is read runs, and is written
//! and read again.

use libfuzzer_sys::fuzz_target;
use nearshelf_engine::{Plan, PlanError, PlanReader};

fuzz_target!(init: nearshelf_fuzz::check_mending(), |bytes: &[u8]| {
    let _ = Plan::from_bytes(bytes);
    let Some(mended) = nearshelf_fuzz::mended_plan(bytes) else {
        return;
    };
    let piece = 1 + bytes.last().copied().map_or(0, usize::from);
    let (whole, in_pieces) = (Plan::from_bytes(&mended), read(mended.chunks(piece)));
    assert_eq!(whole.is_ok(), in_pieces.is_ok(), "{whole:?} {in_pieces:?}");
    if let Ok(plan) = whole {
        let written = plan.to_bytes().expect("a plan that was read can be written");
        Plan::from_bytes(&written).expect("a plan that was written can be read");
        nearshelf_fuzz::run(plan);
    }
});

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Result<Plan, PlanError> {
    let mut reader = PlanReader::new();
    for piece in pieces {
        reader.push(piece)?;
    }
    reader.finish()
}
