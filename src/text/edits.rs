//! Words that differ by a few letters: optimal string alignment (insert, delete, replace, swap two neighbours).

/// Most letters of a word that is compared; longer ones are taken for different.
const MOST_LETTERS: usize = 32;

/// Distances of every beginning of a word to the beginning of another that is read letter by letter.
struct Rows {
    word: Vec<char>,
    read: Vec<char>,
    /// A row for each letter read, and one before the first.
    rows: Vec<Vec<u8>>,
}

impl Rows {
    fn new(word: &str) -> Self {
        let word: Vec<char> = word.chars().collect();
        let first = (0..=word.len().min(255) as u8).collect();
        Self {
            word,
            read: Vec::new(),
            rows: vec![first],
        }
    }

    /// Forgets all but the first `letters` letters read.
    fn back_to(&mut self, letters: usize) {
        self.read.truncate(letters);
        self.rows.truncate(letters + 1);
    }

    /// Reads a letter; the least distance that anything beginning like this can have.
    fn read(&mut self, letter: char) -> u8 {
        let depth = self.read.len();
        let above = &self.rows[depth];
        let before = depth
            .checked_sub(1)
            .map(|at| (&self.rows[at], self.read[at]));
        let mut row = vec![above[0].saturating_add(1)];
        for (at, &own) in self.word.iter().enumerate() {
            let replaced = above[at] + u8::from(own != letter);
            let mut least = replaced.min(above[at + 1] + 1).min(row[at] + 1);
            if let Some((two_above, last)) = before
                && at > 0
                && own == last
                && self.word[at - 1] == letter
            {
                least = least.min(two_above[at - 1] + 1);
            }
            row.push(least);
        }
        let least = row.iter().copied().min().unwrap_or(u8::MAX);
        self.rows.push(row);
        self.read.push(letter);
        least
    }

    /// Distance of the whole word to what was read.
    fn distance(&self) -> u8 {
        self.rows
            .last()
            .and_then(|row| row.last())
            .copied()
            .unwrap_or(u8::MAX)
    }
}

/// Numbers of the words within `most` edits, with their distances.
///
/// - `sorted`: in order; words that begin alike are looked at together
#[must_use]
pub fn near(sorted: &[impl AsRef<str>], word: &str, most: u8) -> Vec<(usize, u8)> {
    let mut rows = Rows::new(word);
    let mut found = Vec::new();
    if rows.word.len() > MOST_LETTERS {
        return found;
    }
    let mut at = 0;
    'words: while let Some(other) = sorted.get(at) {
        let other = other.as_ref();
        let shared = rows
            .read
            .iter()
            .zip(other.chars())
            .take_while(|(a, b)| **a == *b);
        let shared = shared.count();
        rows.back_to(shared);
        for (letter, c) in other.chars().enumerate().skip(shared) {
            if letter >= MOST_LETTERS || rows.read(c) > most {
                // Nothing that begins like this is near.
                let end = other
                    .char_indices()
                    .nth(letter + 1)
                    .map_or(other.len(), |(end, _)| end);
                let beginning = &other[..end];
                let rest = &sorted[at..];
                at += rest.partition_point(|word| word.as_ref().starts_with(beginning));
                continue 'words;
            }
        }
        let distance = rows.distance();
        if distance <= most {
            found.push((at, distance));
        }
        at += 1;
    }
    found
}

/// How many edits lead from one word to another, if no more than `most`.
#[must_use]
pub fn edits_within(word: &str, other: &str, most: u8) -> Option<u8> {
    near(&[other], word, most).first().map(|&(_, edits)| edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_added_left_out_replaced_or_swapped_count_one_each() {
        for (word, other, edits) in [
            ("dress", "dress", 0),
            ("dress", "dres", 1),
            ("dress", "dresss", 1),
            ("dress", "drass", 1),
            ("dress", "derss", 1),
            ("dress", "ress", 1),
            ("dress", "press", 1),
            ("dress", "shoes", 9),
            ("", "ab", 2),
            ("ab", "", 2),
            ("café", "cafe", 1),
        ] {
            let expected = (edits <= 2).then_some(edits);
            assert_eq!(edits_within(word, other, 2), expected, "{word} {other}");
        }
    }

    #[test]
    fn a_whole_vocabulary_gives_what_each_word_alone_gives() {
        let mut words: Vec<String> = Vec::new();
        for a in "abc".chars() {
            for b in "abc".chars() {
                words.push(format!("{a}{b}"));
                for c in "abc".chars() {
                    words.push(format!("{a}{b}{c}"));
                    words.push(format!("{a}{b}{c}a"));
                }
            }
        }
        words.sort();
        words.dedup();
        for word in ["abc", "ab", "cabc", "", "bbbbb"] {
            for most in 0..3 {
                let one_by_one = words.iter().enumerate();
                let one_by_one: Vec<(usize, u8)> = one_by_one
                    .filter_map(|(at, other)| Some((at, edits_within(word, other, most)?)))
                    .collect();
                assert_eq!(near(&words, word, most), one_by_one, "{word} {most}");
            }
        }
    }

    #[test]
    fn words_of_any_length_do_no_harm() {
        let long = "a".repeat(1000);
        assert!(near(&[long.as_str()], &long, 2).is_empty());
        assert!(near(&[long.as_str()], "aaaa", 2).is_empty());
    }
}
