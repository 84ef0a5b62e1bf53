//! Files on their way into wasm memory.

use js_sys::Uint8Array;

/// Bytes that cross at a time: few calls, little besides what is kept, and near in the caches.
const PIECE_BYTES: u32 = 1 << 16;

/// Copies of the pieces of `bytes`, one after the other.
pub fn pieces(bytes: &Uint8Array) -> impl Iterator<Item = Vec<u8>> {
    let begins = (0..bytes.length()).step_by(PIECE_BYTES as usize);
    begins.map(|from| {
        let to = bytes.length().min(from.saturating_add(PIECE_BYTES));
        bytes.subarray(from, to).to_vec()
    })
}
