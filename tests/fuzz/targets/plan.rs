#![no_main]
//! Plans: as they come, and with lengths and checksum that fit. What is read runs, and is written and read again.

use libfuzzer_sys::fuzz_target;
use nearshelf_engine::Plan;

fuzz_target!(init: nearshelf_fuzz::check_mending(), |bytes: &[u8]| {
    let _ = Plan::from_bytes(bytes);
    let Some(mended) = nearshelf_fuzz::mended_plan(bytes) else {
        return;
    };
    if let Ok(plan) = Plan::from_bytes(&mended) {
        let written = plan
            .to_bytes()
            .expect("a plan that was read can be written");
        Plan::from_bytes(&written).expect("a plan that was written can be read");
        nearshelf_fuzz::run(plan);
    }
});
