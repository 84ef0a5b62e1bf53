//! The shaders, without a GPU.

use crate::shader::ALL;

#[test]
fn every_shader_is_valid_with_and_without_packed_products() {
    for shader in ALL {
        for has_packed_dot in [false, true] {
            let text = shader.text(has_packed_dot);
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
