//! What is worn, as pages read it.

use crate::given::PatternGiven;
use nearshelf_try_on::{Slot, TryOn, TryOnError, hex};
use serde::Serialize;

/// Who wears what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fitting {
    width: usize,
    height: usize,
    worn: Vec<Worn>,
    tucked_in: bool,
    can_undo: bool,
    can_redo: bool,
}

#[derive(Serialize)]
struct Worn {
    slot: &'static str,
    category: &'static str,
    handles: Vec<Handle>,
    colour: Option<String>,
    pattern: Option<PatternGiven>,
}

#[derive(Serialize)]
struct Handle {
    name: &'static str,
    x: f64,
    y: f64,
    estimated: bool,
}

impl Fitting {
    /// What it is now.
    ///
    /// # Errors
    /// [`TryOnError::Empty`] without a person.
    pub fn of(session: &TryOn) -> Result<Self, TryOnError> {
        let (width, height) = session.size().ok_or(TryOnError::Empty)?;
        let (can_undo, can_redo) = session.can_undo_redo();
        let worn = session
            .slots()
            .into_iter()
            .map(|slot| Worn::of(session, slot));
        Ok(Self {
            width,
            height,
            worn: worn.collect::<Result<_, _>>()?,
            tucked_in: session.tucked_in(),
            can_undo,
            can_redo,
        })
    }
}

impl Worn {
    fn of(session: &TryOn, slot: Slot) -> Result<Self, TryOnError> {
        let worn = session.worn(slot)?;
        let handles = session.handles(slot)?.into_iter().map(|place| Handle {
            name: place.landmark.name(),
            x: place.x,
            y: place.y,
            estimated: place.estimated,
        });
        Ok(Self {
            slot: slot.name(),
            category: worn.garment.category.name(),
            handles: handles.collect(),
            colour: worn.look.colour.map(hex),
            pattern: worn.look.pattern.as_ref().map(PatternGiven::of),
        })
    }
}
