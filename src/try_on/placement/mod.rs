//! Where a garment's marks lie on a body.
//!
//! A garment is warped in pieces: trunk and sleeves, or a leg each. What lies side by side on the garment with a gap between
//! may lie close together on the body, and one smooth map of both would fold there.

mod lower;
mod piece;
mod upper;

pub use piece::{Laid, Part, Piece};

use crate::geometry::Point;
use crate::marks::Marks;
use crate::person::Person;
use nearshelf_vision::{Category, Landmark};

/// A mark on the body, for the shopper to move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    /// Which mark it is.
    pub landmark: Landmark,
    /// Where it is on the garment, in heights of its picture.
    pub source: Point,
    /// Where it lies on the person, in heights of that picture.
    pub target: Point,
    /// Whether the model saw it on the garment.
    pub seen: bool,
}

/// A garment placed on a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// In the order of the marks.
    pub handles: Vec<Handle>,
    /// From behind to before.
    pub pieces: Vec<Piece>,
    /// How far along each arm, from its shoulder, the garment covers it, in heights; none where it isn't on arms.
    pub sleeves: Option<[f64; 2]>,
}

impl Placement {
    /// Places a garment by its marks.
    pub fn new(category: Category, marks: &Marks, person: &Person) -> Self {
        let mut placement = Self::held(category, marks, person);
        let pieces = std::mem::take(&mut placement.pieces);
        placement.pieces = pieces
            .into_iter()
            .map(|piece| piece.relaxed(&placement))
            .collect();
        placement
    }

    fn held(category: Category, marks: &Marks, person: &Person) -> Self {
        match *marks {
            Marks::Upper(ref marks) => upper::placed(category, marks, person),
            Marks::Legs(ref marks) => lower::legs(category, marks, person),
            Marks::Skirt { waist, hem, hips } => lower::skirt(waist, hem, hips, person),
        }
    }

    /// Where all handles lie at first.
    pub fn targets(&self) -> Vec<Point> {
        self.handles.iter().map(|handle| handle.target).collect()
    }
}
