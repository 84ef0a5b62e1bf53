//! Pictures coded as AV1 (AV1 bitstream specification).

use super::bytes::Bytes;

/// Kind of the unit that states the extents of frames.
const SEQUENCE_HEADER: u64 = 1;
/// More of them than a still has, which needs one.
const MOST_SEQUENCES: usize = 16;

/// Pixels of the largest frames that a picture's data allow (5.3), which lie within the file. None where that can't be told, or
/// there are more sequences than any picture has: each takes a while to read.
pub fn item_pixels(bytes: Bytes<'_>, from: u64, to: u64) -> Option<u64> {
    let (mut most, mut sequences, mut at) = (0, 0, from);
    while at < to {
        let header = bytes.u8(at);
        at += if header & 4 == 0 { 1 } else { 2 };
        let mut size = to.saturating_sub(at);
        if header & 2 != 0 {
            (size, at) = stated_size(bytes, at);
        }
        if (header >> 3) & 15 == SEQUENCE_HEADER {
            sequences += 1;
            if sequences > MOST_SEQUENCES {
                return None;
            }
            most = most.max(sequence_pixels(bytes, at)?);
        }
        at += size;
    }
    Some(most)
}

/// A size in seven bits a byte (4.10.5), and the place behind it.
fn stated_size(bytes: Bytes<'_>, from: u64) -> (u64, u64) {
    let mut size = 0;
    for place in 0..8 {
        let byte = bytes.u8(from + place);
        size |= (byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return (size, from + place + 1);
        }
    }
    (size, from + 8)
}

/// Pixels of the largest frame that a sequence header allows (5.5.1).
fn sequence_pixels(bytes: Bytes<'_>, from: u64) -> Option<u64> {
    let mut place = from * 8;
    let mut bits = |count: u64| {
        let mut value = 0;
        for _ in 0..count {
            value = (value << 1) | ((bytes.u8(place >> 3) >> (7 - (place & 7))) & 1);
            place += 1;
        }
        value
    };
    bits(4);
    let is_reduced = bits(1) == 1;
    if is_reduced {
        bits(5);
    } else {
        // Stills have no times.
        if bits(1) == 1 {
            return None;
        }
        let has_delay = bits(1) == 1;
        for _ in 0..=bits(5) {
            bits(12);
            if bits(5) > 7 {
                bits(1);
            }
            if has_delay && bits(1) == 1 {
                bits(4);
            }
        }
    }
    let (across, down) = (bits(4) + 1, bits(4) + 1);
    // Frames of other sequences may state extents of their own, of as many bits.
    Some(if is_reduced {
        (bits(across) + 1) * (bits(down) + 1)
    } else {
        1 << (across + down)
    })
}
