//! Sets the stack of nearshelf_vision.wasm, which lies in its memory from the first page on.

/// A quarter of what linkers reserve: nothing here recurses deeply or keeps arrays on the stack. What overflows
/// traps, as the stack lies before all data.
const STACK_BYTES: u32 = 1 << 18;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-cdylib-link-arg=-zstack-size={STACK_BYTES}");
    }
}
