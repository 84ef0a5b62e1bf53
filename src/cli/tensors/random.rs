//! Made-up inputs: the same for a seed, everywhere and for ever.

use super::{Array, Data};
use nearshelf_onnx::ElementType;

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// An array of `shape`: floats lie evenly in [−1, 1), int8 and uint8 in all of their range, other integers are 0
    /// or 1, which is a mask and in every vocabulary.
    pub fn array(&mut self, element_type: ElementType, shape: &[usize]) -> Array {
        use ElementType::{Bool, F16, F32, F64, I8, U8};
        let count: usize = shape.iter().product();
        let data = match element_type {
            F16 | F32 | F64 => Data::Float((0..count).map(|_| self.float()).collect()),
            Bool => Data::Bool((0..count).map(|_| self.bits(1) == 1).collect()),
            U8 => Data::Int((0..count).map(|_| self.bits(8)).collect()),
            I8 => Data::Int((0..count).map(|_| self.bits(8) - 128).collect()),
            _ => Data::Int((0..count).map(|_| self.bits(1)).collect()),
        };
        Array {
            element_type,
            shape: shape.to_vec(),
            data,
        }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The highest `count` bits of the next number.
    fn bits(&mut self, count: u32) -> i64 {
        (self.next() >> (64 - count)) as i64
    }

    /// 11 bits, so that `float16` holds it as it is.
    fn float(&mut self) -> f64 {
        self.bits(11) as f64 / 1024.0 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        let mut random = Random::new(1_234_567);
        let first = [random.next(), random.next()];
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
        );
    }

    #[test]
    fn values_keep_to_what_their_type_allows() {
        let mut random = Random::new(3);
        let range = |array: &Array| {
            let values = (0..array.len()).map(|at| array.number(at));
            values.fold((f64::MAX, f64::MIN), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let shape = [100, 100];
        assert_eq!(range(&random.array(ElementType::I64, &shape)), (0.0, 1.0));
        assert_eq!(range(&random.array(ElementType::U8, &shape)), (0.0, 255.0));
        assert_eq!(
            range(&random.array(ElementType::I8, &shape)),
            (-128.0, 127.0)
        );
        assert_eq!(range(&random.array(ElementType::Bool, &shape)), (0.0, 1.0));
        let floats = random.array(ElementType::F32, &shape);
        assert_eq!(range(&floats), (-1.0, 1.0 - 1.0 / 1024.0));
        assert_eq!(random.array(ElementType::F32, &[0, 5]).len(), 0);
    }
}
