//! The shaders: one `.wgsl` file an operator or a family of them, and the parts that several share.

/// Invocations of a workgroup, in every shader.
pub(crate) const WORKGROUP: u32 = 64;

/// A compute shader.
#[derive(Debug)]
pub(crate) struct Shader {
    pub name: &'static str,
    source: &'static str,
    parts: &'static [Part],
}

/// What a shader has besides `common.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `main`, which calls the shader's `element` for each element of its `y`.
    Each,
    /// `Params` and `walk`: where operands of other strides have an element.
    Walk,
    /// `activate`: the functions of one operand.
    Activate,
    /// `dot4`: products of four bytes at once.
    Dot,
}

impl Part {
    fn text(self, has_packed_dot: bool) -> &'static str {
        match self {
            Self::Each => include_str!("shaders/each.wgsl"),
            Self::Walk => include_str!("shaders/walk.wgsl"),
            Self::Activate => include_str!("shaders/activate.wgsl"),
            Self::Dot if has_packed_dot => include_str!("shaders/dot_packed.wgsl"),
            Self::Dot => include_str!("shaders/dot_plain.wgsl"),
        }
    }
}

impl Shader {
    /// The whole text.
    pub fn text(&self, has_packed_dot: bool) -> String {
        let parts = self.parts.iter().map(|part| part.text(has_packed_dot));
        let mut text = include_str!("shaders/common.wgsl").to_owned();
        for part in parts.chain([self.source]) {
            text.push('\n');
            text.push_str(part);
        }
        text
    }
}

macro_rules! shaders {
    ($($constant:ident, $name:literal, [$($part:ident),*];)*) => {
        $(pub(crate) static $constant: Shader = Shader {
            name: $name,
            source: include_str!(concat!("shaders/", $name, ".wgsl")),
            parts: &[$(Part::$part),*],
        };)*
        /// All of them.
        #[cfg(test)]
        pub(crate) static ALL: &[&Shader] = &[$(&$constant,)*];
    };
}

shaders! {
    BINARY, "binary", [Walk, Each];
    CAST, "cast", [Each];
    DEQUANTIZE, "dequantize", [Each];
    GATHER, "gather", [Each];
    QUANTIZE, "quantize", [Each];
    SELECT, "select", [Walk, Each];
    STRIDED, "strided", [Walk, Each];
    UNARY, "unary", [Activate, Each];
}
