//! The shaders, without a GPU: naga reads them here, and tests/browser/shaders.spec.ts has Chromium read what is left
//! in `build/shaders`, which is stricter.

use crate::Capabilities;
use crate::shader::ALL;

#[test]
fn every_shader_is_valid_with_and_without_packed_products_and_subgroups() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../build/shaders");
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).unwrap();
    let kinds = [("plain", false, 1), ("packed", true, 1), ("near", false, 4)];
    for shader in ALL {
        for (kind, has_packed_dot, near) in kinds {
            let text = shader.text(&Capabilities {
                has_packed_dot,
                near,
                ..Capabilities::default()
            });
            // As the browser gets it.
            let enable = if near > 1 { "enable subgroups;" } else { "" };
            let file = format!("{folder}/{}.{kind}.wgsl", shader.name);
            std::fs::write(file, format!("{enable}{text}")).unwrap();
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|error| panic!("{}: {}", shader.name, error.emit_to_string(&text)));
            let mut validator = naga::valid::Validator::new(
                naga::valid::ValidationFlags::all(),
                naga::valid::Capabilities::SUBGROUP,
            );
            validator
                .validate(&module)
                .unwrap_or_else(|error| panic!("{}: {}", shader.name, error.emit_to_string(&text)));
        }
    }
}
