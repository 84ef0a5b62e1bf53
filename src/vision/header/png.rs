//! PNG.

use super::Header;
use super::bytes::Bytes;

pub fn read(bytes: Bytes<'_>) -> Option<Header> {
    if !bytes.has(12, b"IHDR") {
        return None;
    }
    let (mut animated, mut complete) = (false, false);
    let mut at = 8;
    while at + 12 <= bytes.len() && !complete {
        animated |= bytes.has(at + 4, b"acTL");
        complete = bytes.has(at + 4, b"IEND");
        at += 12 + bytes.u32(at);
    }
    Some(Header {
        bits: bytes.u8(24),
        animated,
        complete,
        ..Header::still(bytes.u32(16), bytes.u32(20))
    })
}
