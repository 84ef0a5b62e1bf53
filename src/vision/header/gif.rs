//! GIF (GIF89a).

use super::Header;
use super::bytes::Bytes;

/// All blocks (17 to 27). A frame may be larger than the screen that it is to be shown on: browsers take memory for both.
pub fn read(bytes: Bytes<'_>) -> Header {
    let screen = Header::still(bytes.low(6, 2), bytes.low(8, 2));
    let (mut right, mut bottom) = (screen.width, screen.height);
    let (mut pictures, mut complete) = (0_u64, false);
    let mut at = 13 + table(bytes.u8(10));
    while at < bytes.len() && bytes.u8(at) != 0x3b {
        if bytes.u8(at) == 0x2c {
            pictures += 1;
            right = right.max(bytes.low(at + 1, 2) + bytes.low(at + 5, 2));
            bottom = bottom.max(bytes.low(at + 3, 2) + bytes.low(at + 7, 2));
            at = behind(bytes, at + 11 + table(bytes.u8(at + 9)));
            // What follows the first picture is not shown.
            complete |= at < bytes.len();
        } else {
            at = behind(bytes, at + 2);
        }
    }
    Header {
        pixels: right * bottom,
        animated: pictures > 1,
        complete,
        ..screen
    }
}

/// Bytes of the table of colours that flags tell of.
const fn table(flags: u64) -> u64 {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// The place behind the blocks of data that begin here.
fn behind(bytes: Bytes<'_>, from: u64) -> u64 {
    let mut at = from;
    while bytes.u8(at) != 0 {
        at += 1 + bytes.u8(at);
    }
    at + 1
}
