//! How texts are normalised, split and compared: what search, the models' tokenizers and the chat share.

mod edits;
mod fold;
mod script;

pub use edits::{edits_within, near};
pub use fold::fold;
pub use script::{is_apostrophe, is_cjk};

/// 32-bit FNV-1a (Fowler, Noll, Vo; RFC 9923).
#[must_use]
pub fn fnv1a_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The subwords of a word: itself and, from three characters on and unless it is all digits, its
/// character 3-grams and 4-grams between boundary marks, in this order.
///
/// `push` gets each one's prefix (`w:` or `g:`) and characters.
pub fn each_subword(word: &[char], mut push: impl FnMut(&str, &[char])) {
    push("w:", word);
    if word.len() < 3 || word.iter().all(|c| c.is_numeric()) {
        return;
    }
    let mut marked = Vec::with_capacity(word.len() + 2);
    marked.push('<');
    marked.extend(word);
    marked.push('>');
    for length in [3, 4] {
        for gram in marked.windows(length) {
            push("g:", gram);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fnv1a_32;

    #[test]
    fn the_hash_is_fnv_1a() {
        // The test vectors of RFC 9923.
        assert_eq!(fnv1a_32(b""), 0x811c_9dc5);
        assert_eq!(fnv1a_32(b"a"), 0xe40c_292c);
        assert_eq!(fnv1a_32(b"foobar"), 0xbf9c_f968);
    }
}
