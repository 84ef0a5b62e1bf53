//! What is tried on: one person, a garment a slot, and what the shopper did to them.

use crate::error::TryOnError;
use crate::garment::{Garment, Worn};
use crate::geometry::{Point, point};
use crate::history::{History, Snapshot};
use crate::look::{Look, Pattern};
use crate::person::Person;
use crate::pixels::Pixels;
use crate::render::{MOST_SIDE, Stage, rendered};
use crate::slot::Slot;
use nearshelf_vision::Landmark;
use std::collections::BTreeMap;

/// Where handles may be moved to, in parts of the person's picture.
const REACH: std::ops::RangeInclusive<f64> = -0.5..=1.5;
/// How far a tucked-in top goes on below the waistband's upper edge, in heights of the picture.
const TUCK: f64 = 0.012;

/// A handle as the shopper sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HandlePlace {
    /// The mark it holds.
    pub landmark: Landmark,
    /// Across, in parts of the person's picture.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// Whether its mark was estimated: not seen on the garment.
    pub estimated: bool,
}

/// Trying on. Everything is kept in memory and nowhere else.
#[derive(Debug, Default)]
pub struct TryOn {
    person: Option<Person>,
    worn: BTreeMap<Slot, Worn>,
    tucked_in: bool,
    history: History,
    stage: Option<Stage>,
}

impl TryOn {
    /// With nobody and nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses who to try on: what is worn stays on and is placed anew.
    pub fn set_person(&mut self, person: Person) {
        for worn in self.worn.values_mut() {
            worn.place_on(&person);
        }
        self.person = Some(person);
        self.stage = None;
        self.history.clear();
    }

    /// Extents of the person's picture.
    pub fn size(&self) -> Option<(usize, usize)> {
        self.person
            .as_ref()
            .map(|person| (person.picture.width, person.picture.height))
    }

    /// Puts a garment on, in place of what is worn there or can't be worn with it.
    ///
    /// # Errors
    /// [`TryOnError::Empty`] without a person.
    pub fn put_on(&mut self, slot: Slot, garment: Garment) -> Result<(), TryOnError> {
        let person = self.person.as_ref().ok_or(TryOnError::Empty)?;
        self.worn.insert(slot, Worn::new(garment, person));
        for other in slot.excludes() {
            self.worn.remove(other);
        }
        self.history.clear();
        Ok(())
    }

    /// Takes off what is worn there, if anything is.
    pub fn take_off(&mut self, slot: Slot) {
        self.worn.remove(&slot);
        self.history.clear();
    }

    /// Slots in use, in the order in which they are painted.
    pub fn slots(&self) -> Vec<Slot> {
        Slot::painted(self.tucked_in)
            .into_iter()
            .filter(|slot| self.worn.contains_key(slot))
            .collect()
    }

    /// Everything that is worn in a slot.
    ///
    /// # Errors
    /// [`TryOnError::NotWorn`]
    pub fn worn(&self, slot: Slot) -> Result<&Worn, TryOnError> {
        self.worn.get(&slot).ok_or(TryOnError::NotWorn { slot })
    }

    fn worn_mut(&mut self, slot: Slot) -> Result<&mut Worn, TryOnError> {
        self.worn.get_mut(&slot).ok_or(TryOnError::NotWorn { slot })
    }

    fn aspect(&self) -> f64 {
        self.person.as_ref().map_or(1.0, |person| person.aspect)
    }

    /// Where its handles are.
    ///
    /// # Errors
    /// [`TryOnError::NotWorn`]
    pub fn handles(&self, slot: Slot) -> Result<Vec<HandlePlace>, TryOnError> {
        let (worn, aspect) = (self.worn(slot)?, self.aspect());
        let handles = worn.placement.handles.iter().zip(&worn.moved);
        Ok(handles
            .map(|(handle, now)| HandlePlace {
                landmark: handle.landmark,
                x: now.x / aspect,
                y: now.y,
                estimated: !handle.seen,
            })
            .collect())
    }

    /// Moves a handle, held to [`REACH`].
    ///
    /// # Errors
    /// Where nothing is worn, there is no such handle or a coordinate is no number.
    pub fn move_handle(
        &mut self,
        slot: Slot,
        number: usize,
        x: f64,
        y: f64,
    ) -> Result<(), TryOnError> {
        if !x.is_finite() || !y.is_finite() {
            return Err(TryOnError::request(
                format!("a handle at {x}, {y}"),
                "give two numbers, parts of the picture's width and height",
            ));
        }
        let aspect = self.aspect();
        let worn = self.worn_mut(slot)?;
        let count = worn.moved.len();
        let place = worn.moved.get_mut(number).ok_or_else(|| {
            TryOnError::request(
                format!("handle {number}"),
                format!("this garment has {count}, from 0 on"),
            )
        })?;
        let held = |value: f64| value.clamp(*REACH.start(), *REACH.end());
        *place = point(held(x) * aspect, held(y));
        Ok(())
    }

    /// Puts all handles where they were at first.
    ///
    /// # Errors
    /// [`TryOnError::NotWorn`]
    pub fn reset_handles(&mut self, slot: Slot) -> Result<(), TryOnError> {
        self.worn(slot)?;
        self.remember();
        let worn = self.worn_mut(slot)?;
        worn.moved = worn.placement.targets();
        Ok(())
    }

    /// Changes a garment's colour; `None` is as photographed.
    ///
    /// # Errors
    /// [`TryOnError::NotWorn`]
    pub fn set_colour(&mut self, slot: Slot, colour: Option<[u8; 3]>) -> Result<(), TryOnError> {
        let look = self.worn(slot)?.look;
        self.set_look(slot, Look { colour, ..look })
    }

    /// Changes its pattern.
    ///
    /// # Errors
    /// Where nothing is worn, or the pattern can't be drawn.
    pub fn set_pattern(&mut self, slot: Slot, pattern: Option<Pattern>) -> Result<(), TryOnError> {
        let look = self.worn(slot)?.look;
        self.set_look(slot, Look { pattern, ..look })
    }

    /// Changes both.
    ///
    /// # Errors
    /// As [`Self::set_pattern`].
    pub fn set_look(&mut self, slot: Slot, look: Look) -> Result<(), TryOnError> {
        self.worn(slot)?;
        if look.pattern.is_some_and(|pattern| !pattern.is_drawable()) {
            return Err(TryOnError::request(
                "this pattern",
                "its scale is 0.02 to 1, its angle a number",
            ));
        }
        self.remember();
        self.worn_mut(slot)?.set_look(look);
        Ok(())
    }

    /// Whether a top's hem is under the bottom's waistband.
    pub fn tucked_in(&self) -> bool {
        self.tucked_in
    }

    /// Tucks the top in, or lets it hang over.
    pub fn set_tucked_in(&mut self, tucked_in: bool) {
        if tucked_in != self.tucked_in {
            self.remember();
            self.tucked_in = tucked_in;
        }
    }

    /// Keeps what is now for [`Self::undo`].
    pub fn remember(&mut self) {
        let now = self.snapshot();
        self.history.remember(now);
    }

    /// Goes back to what was remembered last. False where nothing was.
    pub fn undo(&mut self) -> bool {
        let now = self.snapshot();
        match self.history.undo(now) {
            Some(before) => {
                self.restore(before);
                true
            }
            None => false,
        }
    }

    /// Takes an undo back.
    pub fn redo(&mut self) -> bool {
        let now = self.snapshot();
        match self.history.redo(now) {
            Some(after) => {
                self.restore(after);
                true
            }
            None => false,
        }
    }

    /// Whether there is something to undo, and to redo.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        self.history.can()
    }

    fn snapshot(&self) -> Snapshot {
        let garments = self
            .worn
            .iter()
            .map(|(slot, worn)| (*slot, (worn.moved.clone(), worn.look)))
            .collect();
        Snapshot {
            garments,
            tucked_in: self.tucked_in,
        }
    }

    fn restore(&mut self, snapshot: Snapshot) {
        self.tucked_in = snapshot.tucked_in;
        for (slot, (moved, look)) in snapshot.garments {
            if let Some(worn) = self.worn.get_mut(&slot) {
                worn.moved = moved;
                worn.set_look(look);
            }
        }
    }

    /// The picture with what is worn: red in the low byte of each pixel, alpha (opaque) in the high one.
    ///
    /// # Errors
    /// Without a person, or for extents of 0 or above [`MOST_SIDE`].
    pub fn render(&mut self, width: usize, height: usize) -> Result<Vec<u32>, TryOnError> {
        self.prepare(width, height)?;
        let (Some(person), Some(stage)) = (&self.person, &self.stage) else {
            return Err(TryOnError::Empty);
        };
        let tuck = self.waistband().filter(|_| self.tucked_in);
        let layers: Vec<_> = self
            .slots()
            .into_iter()
            .filter_map(|slot| Some((self.worn.get(&slot)?, tuck.filter(|_| slot == Slot::Top))))
            .collect();
        Ok(rendered(stage, person, &layers))
    }

    /// The picture without garments.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn render_before(&mut self, width: usize, height: usize) -> Result<Vec<u32>, TryOnError> {
        self.prepare(width, height)?;
        self.stage
            .as_ref()
            .map(|stage| stage.body.clone())
            .ok_or(TryOnError::Empty)
    }

    /// A garment alone in its look, with straight alpha, `width` pixels wide.
    ///
    /// # Errors
    /// Where nothing is worn, or the extents are 0 or above [`MOST_SIDE`].
    pub fn render_garment(&self, slot: Slot, width: usize) -> Result<Pixels, TryOnError> {
        let Worn { garment, look, .. } = self.worn(slot)?;
        let height = (width as f64 / garment.cut_out.picture.aspect()).round() as usize;
        checked(width, height.max(1))?;
        Ok(look
            .applied(&garment.cut_out, garment.main)
            .resized(width, height.max(1)))
    }

    fn prepare(&mut self, width: usize, height: usize) -> Result<(), TryOnError> {
        let person = self.person.as_ref().ok_or(TryOnError::Empty)?;
        checked(width, height)?;
        if self
            .stage
            .as_ref()
            .is_none_or(|stage| (stage.width, stage.height) != (width, height))
        {
            self.stage = Some(Stage::new(person, width, height));
        }
        Ok(())
    }

    /// A line a little below the upper edge of the bottom that is worn, left to right.
    fn waistband(&self) -> Option<[Point; 2]> {
        let bottom = self.worn.get(&Slot::Bottom)?;
        let [left, right] =
            [bottom.moved.first()?, bottom.moved.get(1)?].map(|p| *p + point(0.0, TUCK));
        Some([left, right])
    }
}

fn checked(width: usize, height: usize) -> Result<(), TryOnError> {
    let sides = 1..=MOST_SIDE;
    if sides.contains(&width) && sides.contains(&height) {
        return Ok(());
    }
    Err(TryOnError::request(
        format!("a picture of {width}×{height} pixels"),
        format!("1 to {MOST_SIDE} a side can be rendered"),
    ))
}
