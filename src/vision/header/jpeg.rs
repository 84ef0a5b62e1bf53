//! JPEG (ITU-T T.81).

use super::Header;
use super::bytes::Bytes;

/// Segments up to the frame's (B.1); those of EXIF may be many and are passed over.
pub fn read(bytes: Bytes<'_>) -> Option<Header> {
    let mut at = 2;
    while bytes.u8(at) == 0xff {
        let marker = bytes.u8(at + 1);
        if marker == 0xff {
            at += 1;
        } else if is_frame(marker) {
            let rest = bytes.0.get(usize::try_from(at).ok()?..)?;
            return Some(Header {
                bits: bytes.u8(at + 4),
                cmyk: bytes.u8(at + 9) == 4,
                complete: rest.windows(2).rev().any(|pair| pair == [0xff, 0xd9]),
                ..Header::still(bytes.u16(at + 7), bytes.u16(at + 5))
            });
        } else {
            at += 2 + bytes.u16(at + 2);
        }
    }
    None
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which share their range.
const fn is_frame(marker: u64) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}
