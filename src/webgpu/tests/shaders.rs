//! The shaders, without a GPU: naga reads them here, and tests/browser/shaders.spec.ts has Chromium read what is left
//! in `build/shaders`, which is stricter.

use crate::shader::ALL;

#[test]
fn every_shader_is_valid_with_and_without_packed_products() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../build/shaders");
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).unwrap();
    for shader in ALL {
        for has_packed_dot in [false, true] {
            let text = shader.text(has_packed_dot);
            let dot = if has_packed_dot { "packed" } else { "plain" };
            std::fs::write(format!("{folder}/{}.{dot}.wgsl", shader.name), &text).unwrap();
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|error| panic!("{}: {}", shader.name, error.emit_to_string(&text)));
            let mut validator = naga::valid::Validator::new(
                naga::valid::ValidationFlags::all(),
                naga::valid::Capabilities::default(),
            );
            validator
                .validate(&module)
                .unwrap_or_else(|error| panic!("{}: {}", shader.name, error.emit_to_string(&text)));
        }
    }
}
