//! The shaders: one `.wgsl` file an operator or a family of them, and the parts that several share.

use crate::Capabilities;

/// A file of `shaders/` as `build.rs` leaves it.
macro_rules! shipped {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name, ".wgsl"))
    };
}

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
    /// `main`, which calls the shader's `run` for each number below its `count`.
    Run,
    /// `Params` and `walk`: where operands of other strides have an element.
    Walk,
    /// `main`, which calls the shader's `compute` for each row, and what its invocations share. Behind `Walk` and `Near`.
    Rows,
    /// `key` and `is_before`: the order of elements.
    Order,
    /// `activate`: the functions of one operand.
    Activate,
    /// `power`.
    Power,
    /// `products`: of bytes, four at once.
    Dot,
    /// `bytes_of` and `word_of_bytes`: four bytes at once.
    Words,
    /// `Params` and `start_of`: the rows of products and convolutions with channels last.
    Patches,
    /// `near`: what invocations of neighbouring numbers have found.
    Near,
    /// `range_of`: least and largest of all values. Behind `Near`.
    Limits,
    /// `quotient` and `exactly`: arithmetic that rounds as on the CPU.
    Exact,
}

impl Part {
    fn text(self, capabilities: &Capabilities) -> &'static str {
        match self {
            Self::Each => shipped!("each"),
            Self::Run => shipped!("run"),
            Self::Walk => shipped!("walk"),
            Self::Rows => shipped!("rows"),
            Self::Order => shipped!("order"),
            Self::Activate => shipped!("activate"),
            Self::Power => shipped!("power"),
            Self::Words => shipped!("words"),
            Self::Patches => shipped!("patches"),
            Self::Limits => shipped!("limits"),
            Self::Exact => shipped!("exact"),
            Self::Near if capabilities.near > 1 => shipped!("near_subgroups"),
            Self::Near => shipped!("near_none"),
            Self::Dot if capabilities.has_packed_dot => shipped!("dot_packed"),
            Self::Dot => shipped!("dot_plain"),
        }
    }
}

impl Shader {
    /// Whether it has the parameters of `Walk`, and its constant `FLAT`.
    pub fn walks(&self) -> bool {
        self.parts.contains(&Part::Walk)
    }

    /// Whether it has the constant `NEAR`.
    pub fn has_near(&self) -> bool {
        self.parts.contains(&Part::Near)
    }

    /// The whole text.
    pub fn text(&self, capabilities: &Capabilities) -> String {
        let parts = self.parts.iter().map(|part| part.text(capabilities));
        // naga takes the functions of subgroups without a word, and doesn't know it; browsers want it.
        let is_asked = cfg!(target_family = "wasm") && capabilities.near > 1 && self.has_near();
        let enable = if is_asked { "enable subgroups;" } else { "" };
        let mut text = [enable, shipped!("common")].concat();
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
            source: shipped!($name),
            parts: &[$(Part::$part),*],
        };)*
        /// All of them.
        #[cfg(test)]
        pub(crate) static ALL: &[&Shader] = &[$(&$constant,)*];
    };
}

shaders! {
    ATTENTION, "attention", [];
    BINARY, "binary", [Walk, Each, Power];
    CAST, "cast", [Each];
    CONV, "conv", [Patches];
    CUMULATE, "cumulate", [Walk, Near, Rows];
    DEPTHWISE, "depthwise", [Patches, Activate];
    DEPTHWISE_Q8, "depthwise_q8", [Patches, Words, Exact];
    DEQUANTIZE, "dequantize", [Each];
    DYNAMIC_QUANTIZE, "dynamic_quantize", [Near, Limits, Words, Exact];
    ELEMENT_POSITIONS, "element_positions", [Walk, Each];
    GATHER, "gather", [Each];
    LOCAL_RESPONSE, "local_response", [Power, Each];
    NON_ZERO, "non_zero", [];
    NORMALIZE, "normalize", [Walk, Near, Rows];
    PAD, "pad", [Each];
    PLACE, "place", [Run];
    PLACE_BYTES, "place_bytes", [Run];
    POOL, "pool", [Order, Each];
    PRODUCT, "product", [Patches, Activate];
    PRODUCT_Q8, "product_q8", [Patches, Words, Dot, Activate, Exact];
    QUANTIZE, "quantize", [Exact, Each];
    QUANTIZED_ADD, "quantized_add", [Exact, Each];
    RANGE, "range", [Near, Limits];
    RATIOS, "ratios", [Exact, Each];
    RECURRENT, "recurrent", [Activate];
    REDUCE, "reduce", [Walk, Near, Rows];
    REQUANTIZE, "requantize", [Exact, Each];
    RESAMPLE, "resample", [Each];
    ROUND_FLOAT, "round_float", [Each];
    SAMPLE, "sample", [Each];
    SCATTER, "scatter", [Each];
    SCATTER_MARKS, "scatter_marks", [Run];
    SCORE_ITEMS, "score_items", [];
    SELECT, "select", [Walk, Each];
    SELECTED, "selected", [Run];
    SELECT_BEST, "select_best", [Near];
    SOFTMAX, "softmax", [Walk, Near, Rows];
    STRIDED, "strided", [Walk, Each];
    SUPPRESS, "suppress", [Walk, Near, Rows, Order];
    TAKE, "take", [Each];
    TOP_K, "top_k", [Walk, Near, Rows, Order];
    TUPLE_POSITIONS, "tuple_positions", [Each];
    UNARY, "unary", [Activate, Each];
    UNIQUE, "unique", [Order, Run];
}
