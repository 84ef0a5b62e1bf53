//! ONNX element types and what a plan holds them in.

use nearshelf_engine::{DType, FloatFormat};

/// An element type with values that a plan can hold. Numbers are those of ONNX's `TensorProto.DataType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Float = 1,
    Uint8 = 2,
    Int8 = 3,
    Uint16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    Uint32 = 12,
    Uint64 = 13,
    BFloat16 = 16,
    Float8E4M3Fn = 17,
    Float8E4M3FnUz = 18,
    Float8E5M2 = 19,
    Float8E5M2FnUz = 20,
    Uint4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    Uint2 = 25,
    Int2 = 26,
}

/// Every type, with its name in ONNX.
const ALL: &[(Element, &str)] = &[
    (Element::Float, "FLOAT"),
    (Element::Uint8, "UINT8"),
    (Element::Int8, "INT8"),
    (Element::Uint16, "UINT16"),
    (Element::Int16, "INT16"),
    (Element::Int32, "INT32"),
    (Element::Int64, "INT64"),
    (Element::Bool, "BOOL"),
    (Element::Float16, "FLOAT16"),
    (Element::Double, "DOUBLE"),
    (Element::Uint32, "UINT32"),
    (Element::Uint64, "UINT64"),
    (Element::BFloat16, "BFLOAT16"),
    (Element::Float8E4M3Fn, "FLOAT8E4M3FN"),
    (Element::Float8E4M3FnUz, "FLOAT8E4M3FNUZ"),
    (Element::Float8E5M2, "FLOAT8E5M2"),
    (Element::Float8E5M2FnUz, "FLOAT8E5M2FNUZ"),
    (Element::Uint4, "UINT4"),
    (Element::Int4, "INT4"),
    (Element::Float4E2M1, "FLOAT4E2M1"),
    (Element::Float8E8M0, "FLOAT8E8M0"),
    (Element::Uint2, "UINT2"),
    (Element::Int2, "INT2"),
];

impl Element {
    /// The type that ONNX numbers so; `None` for strings, complex numbers and what isn't a type.
    pub(crate) fn numbered(number: i64) -> Option<Self> {
        let mut types = ALL.iter().map(|&(element, _)| element);
        types.find(|&element| element as i64 == number)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(_, own)| *own == name);
        found.map(|&(element, _)| element)
    }

    /// Element type in a plan.
    pub(crate) fn dtype(self) -> DType {
        match self {
            Self::Uint8 | Self::Uint4 | Self::Uint2 | Self::Bool => DType::U8,
            Self::Int8 | Self::Int4 | Self::Int2 => DType::I8,
            _ if self.is_float() => DType::F32,
            _ => DType::I32,
        }
    }

    fn is_float(self) -> bool {
        matches!(self, Self::Float | Self::Double) || self.format().is_some()
    }

    /// The format of floats that are narrower than f32.
    pub(crate) fn format(self) -> Option<FloatFormat> {
        Some(match self {
            Self::Float16 => FloatFormat::Float16,
            Self::BFloat16 => FloatFormat::BFloat16,
            Self::Float8E4M3Fn => FloatFormat::Float8E4M3Fn,
            Self::Float8E4M3FnUz => FloatFormat::Float8E4M3FnUz,
            Self::Float8E5M2 => FloatFormat::Float8E5M2,
            Self::Float8E5M2FnUz => FloatFormat::Float8E5M2FnUz,
            Self::Float8E8M0 => FloatFormat::Float8E8M0,
            Self::Float4E2M1 => FloatFormat::Float4E2M1,
            _ => return None,
        })
    }

    /// Bits of an integer that a plan holds in a wider one, and whether it is signed.
    pub(crate) fn narrow_integer(self) -> Option<(u32, bool)> {
        Some(match self {
            Self::Uint16 => (16, false),
            Self::Int16 => (16, true),
            Self::Uint4 => (4, false),
            Self::Int4 => (4, true),
            Self::Uint2 => (2, false),
            Self::Int2 => (2, true),
            _ => return None,
        })
    }

    /// Bits of one element in a file.
    pub(crate) fn bits(self) -> usize {
        match self {
            Self::Int64 | Self::Uint64 | Self::Double => 64,
            Self::Int32 | Self::Uint32 | Self::Float => 32,
            Self::Int16 | Self::Uint16 | Self::Float16 | Self::BFloat16 => 16,
            Self::Int4 | Self::Uint4 | Self::Float4E2M1 => 4,
            Self::Int2 | Self::Uint2 => 2,
            _ => 8,
        }
    }
}

/// The value that `bits` stand for in a format of at most 16 bits.
pub(crate) fn decoded(format: FloatFormat, bits: u16) -> f32 {
    if format == FloatFormat::BFloat16 {
        return f32::from_bits(u32::from(bits) << 16);
    }
    // Bits of exponent and fraction, exponent's bias.
    let (exponent_bits, fraction_bits, bias) = match format {
        FloatFormat::Float16 | FloatFormat::BFloat16 => (5, 10, 15),
        FloatFormat::Float8E4M3Fn => (4, 3, 7),
        FloatFormat::Float8E4M3FnUz => (4, 3, 8),
        FloatFormat::Float8E5M2 => (5, 2, 15),
        FloatFormat::Float8E5M2FnUz => (5, 2, 16),
        FloatFormat::Float8E8M0 => {
            let exponent = i32::from(bits) - 127;
            return if bits == 0xff {
                f32::NAN
            } else {
                2_f32.powi(exponent)
            };
        }
        FloatFormat::Float4E2M1 => (2, 1, 1),
    };
    let magnitude = i32::from(bits) & ((1 << (exponent_bits + fraction_bits)) - 1);
    let is_negative = i32::from(bits) >> (exponent_bits + fraction_bits) & 1 == 1;
    let (exponent, fraction) = (
        magnitude >> fraction_bits,
        magnitude & ((1 << fraction_bits) - 1),
    );
    let highest = (1 << exponent_bits) - 1;
    let special = match format {
        FloatFormat::Float16 | FloatFormat::Float8E5M2 if exponent == highest => {
            Some(if fraction == 0 {
                f32::INFINITY
            } else {
                f32::NAN
            })
        }
        FloatFormat::Float8E4M3Fn if magnitude == 0x7f => Some(f32::NAN),
        FloatFormat::Float8E4M3FnUz | FloatFormat::Float8E5M2FnUz if bits == 0x80 => Some(f32::NAN),
        _ => None,
    };
    let value = special.unwrap_or_else(|| {
        let significand = if exponent == 0 {
            fraction
        } else {
            fraction + (1 << fraction_bits)
        };
        significand as f32 * 2_f32.powi(exponent.max(1) - bias - fraction_bits)
    });
    if is_negative && !value.is_nan() {
        -value
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_stand_for_the_values_that_the_formats_give_them() {
        for (format, bits, value) in [
            (FloatFormat::Float16, 0x3c00, 1.0),
            (FloatFormat::Float16, 0x0001, 2_f32.powi(-24)),
            (FloatFormat::BFloat16, 0xc000, -2.0),
            (FloatFormat::Float8E4M3Fn, 0x7e, 448.0),
            (FloatFormat::Float8E4M3FnUz, 0x7f, 240.0),
            (FloatFormat::Float8E5M2, 0x7b, 57_344.0),
            (FloatFormat::Float8E5M2FnUz, 0x01, 2_f32.powi(-17)),
            (FloatFormat::Float4E2M1, 0xf, -6.0),
            (FloatFormat::Float8E8M0, 0x80, 2.0),
        ] {
            assert_eq!(decoded(format, bits), value, "{format:?} {bits:#x}");
        }
        assert!(decoded(FloatFormat::Float8E4M3FnUz, 0x80).is_nan());
        assert_eq!(decoded(FloatFormat::Float8E5M2, 0xfc), f32::NEG_INFINITY);
    }
}
