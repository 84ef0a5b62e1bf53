//! A chunk's envelope: header, checksum, payload.
//!
//! ```text
//! 0   4  "NSCK"
//! 4   2  version, little-endian
//! 6   1  kind
//! 7   1  zero
//! 8   4  payload length, little-endian
//! 12  4  first four bytes of the payload's SHA-256
//! 16  …  payload (postcard)
//! ```

use super::{ChunkKind, FORMAT_VERSION, PackError};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 4] = b"NSCK";
const HEADER_BYTES: usize = 16;
/// Of the envelope, which is the same in every version of the format so far.
const ENVELOPE_VERSION: u16 = 1;

/// SHA-256 as lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| {
        char::from(if nibble < 10 {
            b'0' + nibble
        } else {
            b'a' + nibble - 10
        })
    };
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn checksum(payload: &[u8]) -> [u8; 4] {
    let digest = Sha256::digest(payload);
    [digest[0], digest[1], digest[2], digest[3]]
}

/// Wraps a table. `None` when it is beyond what the length field can say.
pub(super) fn encode<T: Serialize>(kind: ChunkKind, table: &T) -> Option<Vec<u8>> {
    let payload = postcard::to_allocvec(table).ok()?;
    let length = u32::try_from(payload.len()).ok()?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&ENVELOPE_VERSION.to_le_bytes());
    bytes.extend_from_slice(&[kind.code(), 0]);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&checksum(&payload));
    bytes.extend_from_slice(&payload);
    Some(bytes)
}

/// Unwraps a table; every byte must be used.
pub(super) fn decode<T: DeserializeOwned>(
    kind: ChunkKind,
    path: &str,
    bytes: &[u8],
) -> Result<T, PackError> {
    let bad = |detail: String| PackError::BadChunk {
        path: path.to_owned(),
        detail,
    };
    let Some((header, payload)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(bad(format!(
            "{} bytes are too few for a header",
            bytes.len()
        )));
    };
    let [
        m0,
        m1,
        m2,
        m3,
        v0,
        v1,
        found_kind,
        _,
        l0,
        l1,
        l2,
        l3,
        c0,
        c1,
        c2,
        c3,
    ] = *header;
    if [m0, m1, m2, m3] != *MAGIC {
        return Err(bad("not a chunk".to_owned()));
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version > FORMAT_VERSION {
        return Err(PackError::UnsupportedVersion {
            found: version,
            supported: FORMAT_VERSION,
        });
    }
    if found_kind != kind.code() {
        return Err(bad(format!(
            "holds table {found_kind}, not {}",
            kind.as_str()
        )));
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if length != payload.len() {
        return Err(bad(format!(
            "{} bytes of content, the header says {length}",
            payload.len()
        )));
    }
    if [c0, c1, c2, c3] != checksum(payload) {
        return Err(bad("the checksum does not match".to_owned()));
    }
    let (table, rest) = postcard::take_from_bytes(payload).map_err(|e| bad(e.to_string()))?;
    if !rest.is_empty() {
        return Err(bad(format!("{} bytes too many", rest.len())));
    }
    Ok(table)
}
