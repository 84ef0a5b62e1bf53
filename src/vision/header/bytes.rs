//! Numbers in a file.

/// A file's bytes with numbers in them; what lies beyond the end is 0. Places may be any: none overflows.
#[derive(Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn len(self) -> u64 {
        self.0.len() as u64
    }

    pub fn u8(self, at: u64) -> u64 {
        let byte = usize::try_from(at).ok().and_then(|at| self.0.get(at));
        byte.map_or(0, |byte| u64::from(*byte))
    }

    pub fn u16(self, at: u64) -> u64 {
        self.high(at, 2)
    }

    pub fn u32(self, at: u64) -> u64 {
        self.high(at, 4)
    }

    /// Of so many bytes, the highest first; what has more than 64 bits is as large as can be.
    pub fn high(self, at: u64, count: u64) -> u64 {
        (0..count).fold(0_u64, |value, byte| {
            value
                .saturating_mul(0x100)
                .saturating_add(self.u8(at.saturating_add(byte)))
        })
    }

    /// The lowest first.
    pub fn low(self, at: u64, count: u64) -> u64 {
        (0..count).rev().fold(0, |value, byte| {
            (value << 8) | self.u8(at.saturating_add(byte))
        })
    }

    /// Whether these bytes stand at a place.
    pub fn has(self, at: u64, wanted: &[u8]) -> bool {
        let from = usize::try_from(at).ok().and_then(|at| self.0.get(at..));
        from.is_some_and(|from| from.starts_with(wanted))
    }
}
