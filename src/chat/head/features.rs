//! A text's hashed n-grams: its units, their subwords, and neighbours.

use crate::units::Unit;
use nearshelf_text::fnv1a_32;

/// Buckets that n-grams hash into.
pub const BUCKETS: u32 = 32_768;

/// The buckets of a text's units, of their subwords, and of its neighbours; each sorted, each bucket once.
pub type Grams = [Vec<u32>; 3];

fn bucket(token: &str) -> u32 {
    fnv1a_32(token.as_bytes()) % BUCKETS
}

/// Hashes the n-grams of a text.
#[must_use]
pub fn grams(units: &[Unit]) -> Grams {
    let words = units.iter().filter_map(|unit| unit.tokens.first());
    let parts = units.iter().flat_map(|unit| unit.tokens.iter().skip(1));
    let texts = || units.iter().map(|unit| unit.text.as_str());
    let befores = [""].into_iter().chain(texts());
    let pairs = befores.zip(texts().chain([""]));
    let pairs = pairs.map(|(one, two)| bucket(&format!("p:{one} {two}")));
    [
        sorted(words.map(|token| bucket(token))),
        sorted(parts.map(|token| bucket(token))),
        sorted(pairs),
    ]
}

fn sorted(buckets: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut buckets: Vec<u32> = buckets.collect();
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// In how many texts each bucket occurs; a bucket in two groups of a text counts twice.
#[must_use]
pub fn counts(texts: &[Grams]) -> Vec<u32> {
    let mut counts = vec![0; BUCKETS as usize];
    for &bucket in texts.iter().flatten().flatten() {
        if let Some(count) = counts.get_mut(bucket as usize) {
            *count += 1;
        }
    }
    counts
}

/// How rare n-grams are: `1 + ln((n + 1) / (texts with it + 1))`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rarity {
    /// Texts that were counted.
    pub texts: u32,
    /// By bucket.
    pub counts: Vec<u32>,
}

impl Rarity {
    fn of(&self, bucket: u32) -> f32 {
        let count = self.counts.get(bucket as usize).copied().unwrap_or(0);
        let rarity = 1.0 + ((self.texts as f32 + 1.0) / (count as f32 + 1.0)).ln();
        rarity.max(0.1)
    }

    /// A text's buckets, ascending, and their values: within each group as rare as they are, the
    /// group at unit length. Buckets never seen count in the length: of a text that is mostly
    /// unknown, little is left.
    #[must_use]
    pub fn weigh(&self, grams: &Grams) -> Vec<(u32, f32)> {
        let mut row: Vec<(u32, f32)> = Vec::new();
        for group in grams {
            let rarities = || group.iter().map(|bucket| (*bucket, self.of(*bucket)));
            let length = rarities()
                .map(|(_, rarity)| rarity * rarity)
                .sum::<f32>()
                .sqrt();
            row.extend(rarities().map(|(bucket, rarity)| (bucket, rarity / length)));
        }
        row.sort_by_key(|(bucket, _)| *bucket);
        // Buckets in two groups add up.
        row.dedup_by(|(after, more), (bucket, value)| {
            let same = after == bucket;
            if same {
                *value += *more;
            }
            same
        });
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::units;

    #[test]
    fn nothing_has_no_words_but_an_empty_pair() {
        let [words, parts, pairs] = grams(&units(""));
        assert!(words.is_empty() && parts.is_empty());
        assert_eq!(pairs.len(), 1);
    }

    #[test]
    fn a_word_that_every_text_has_weighs_less() {
        let texts: Vec<Grams> = ["red dress", "red shoes"]
            .map(|text| grams(&units(text)))
            .into();
        let rarity = Rarity {
            texts: 2,
            counts: counts(&texts),
        };
        let [red, ..] = grams(&units("red"));
        let [dress, ..] = grams(&units("dress"));
        assert!(rarity.of(red[0]) < rarity.of(dress[0]));
        let lengths: f32 = rarity
            .weigh(&texts[0])
            .iter()
            .map(|(_, value)| value * value)
            .sum();
        assert!(
            (lengths - 3.0).abs() < 1e-3,
            "{lengths}: three groups at unit length"
        );
    }
}
