//! What a catalogue says of an item.

use super::{Audience, Named};

/// How an item is filed in its catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// Number of its narrowest category, the same for all that are filed there; 0 where it is in none.
    pub shelf: u16,
    /// Its kind, where that category names one.
    pub named: Option<Named>,
    /// Whom it is for, where a category says so.
    pub audience: Option<Audience>,
}
