//! Elements as files hold them: little-endian, at any address.

use nearshelf_operators::Values;

/// Appends the elements whose bytes are all there, and gives back the bytes that are left over.
pub fn append_le<'a>(values: &mut Values, bytes: &'a [u8]) -> &'a [u8] {
    fn append<'a, const N: usize, T>(
        values: &mut Vec<T>,
        bytes: &'a [u8],
        element: impl Fn([u8; N]) -> T,
    ) -> &'a [u8] {
        let (whole, rest) = bytes.as_chunks();
        values.extend(whole.iter().map(|bytes| element(*bytes)));
        rest
    }
    match values {
        Values::F32(values) => append(values, bytes, f32::from_le_bytes),
        Values::I32(values) => append(values, bytes, i32::from_le_bytes),
        Values::I8(values) => append(values, bytes, i8::from_le_bytes),
        Values::U8(values) => append(values, bytes, u8::from_le_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nearshelf_operators::DType;

    #[test]
    fn bytes_become_elements_and_those_of_half_an_element_are_left() {
        let bytes = [0, 0, 0x80, 0xBF, 0xFE, 0xFF, 0xFF];
        let appended = |mut values: Values| {
            let left = append_le(&mut values, &bytes).len();
            (values, left)
        };
        let after = Values::F32(vec![7.0]);
        assert_eq!(appended(after), (Values::F32(vec![7.0, -1.0]), 3));
        let none = Values::I32(vec![]);
        assert_eq!(appended(none), (Values::I32(vec![-0x4080_0000]), 3));
        let signed = Values::I8(vec![0, 0, -128, -65, -2, -1, -1]);
        assert_eq!(appended(Values::empty(DType::I8)), (signed, 0));
        let same = Values::U8(bytes.to_vec());
        assert_eq!(appended(Values::empty(DType::U8)), (same, 0));
    }
}
