//! A garment's colours, from a picture and its mask. `models/training/seeing/palette.py` is the reference.

mod clusters;

use crate::{ColourName, Mask, OkLab, Squashed, colour::to_oklab};
use clusters::clusters;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// Most colours of a palette.
pub(crate) const MOST_COLOURS: usize = 5;
/// Least part of the cells that is a colour.
const SMALLEST: f64 = 0.04;
/// Of a colour's cells by lightness, those that say what it is: folds only darken, highlights only lighten.
const LIT: (f64, f64) = (0.5, 0.9);
/// Fewest cells that have a palette.
const FEWEST_CELLS: usize = 16;

/// One colour of a palette.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swatch {
    /// The colour.
    pub lab: OkLab,
    /// Its part of the palette's cells, 0..1.
    pub share: f32,
}

impl Swatch {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> ColourName {
        self.lab.name()
    }
}

impl Serialize for Swatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Swatch", 4)?;
        fields.serialize_field("hex", &self.lab.hex())?;
        fields.serialize_field("share", &self.share)?;
        fields.serialize_field("name", self.name().name())?;
        fields.serialize_field("chinese", self.name().chinese())?;
        fields.end()
    }
}

/// Up to five colours of what lies inside the mask, the largest first; none where the mask has fewer than 16 cells.
#[must_use]
pub fn palette(picture: &Squashed, mask: &Mask) -> Vec<Swatch> {
    let cells = cells_of(picture, mask);
    if cells.len() < FEWEST_CELLS {
        return Vec::new();
    }
    let labs: Vec<[f64; 3]> = cells.into_iter().map(to_oklab).collect();
    let features: Vec<[f64; 3]> = labs.iter().map(|[l, a, b]| [l / 2.0, *a, *b]).collect();
    let mut groups = clusters(&features);
    groups.retain(|members| members.len() as f64 >= SMALLEST * labs.len() as f64);
    groups.sort_by_key(|members| std::cmp::Reverse(members.len()));
    groups.truncate(MOST_COLOURS);
    let kept: usize = groups.iter().map(Vec::len).sum();
    let swatches = groups.iter().map(|members| {
        let own = members.iter().filter_map(|cell| labs.get(*cell).copied());
        Swatch {
            lab: OkLab::of(lit(own.collect())),
            share: (members.len() as f64 / kept as f64) as f32,
        }
    });
    swatches.collect()
}

/// The mean of the lit cells of one colour.
fn lit(mut cells: Vec<[f64; 3]>) -> [f64; 3] {
    cells.sort_by(|one, other| one[0].total_cmp(&other[0]));
    let count = cells.len() as f64;
    let low = (LIT.0 * count).floor() as usize;
    let high = ((LIT.1 * count).ceil() as usize).max(low + 1);
    mean(cells.get(low..high.min(cells.len())).unwrap_or(&cells))
}

fn mean(rows: &[[f64; 3]]) -> [f64; 3] {
    let sum = rows.iter().fold([0.0; 3], |sum, row| {
        [sum[0] + row[0], sum[1] + row[1], sum[2] + row[2]]
    });
    sum.map(|value| value / rows.len().max(1) as f64)
}

/// Mean sRGB of the cells whose neighbours are inside the mask as well, row by row; of all inside where those are too few.
fn cells_of(picture: &Squashed, mask: &Mask) -> Vec<[f64; 3]> {
    let inside = |row: usize, column: usize| mask.inside(row, column);
    let deep = |row: usize, column: usize| {
        inside(row, column)
            && row > 0
            && column > 0
            && inside(row - 1, column)
            && inside(row + 1, column)
            && inside(row, column - 1)
            && inside(row, column + 1)
    };
    let places = || {
        let columns = mask.width();
        (0..mask.height()).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    };
    let mut used: Vec<(usize, usize)> = places().filter(|(r, c)| deep(*r, *c)).collect();
    if used.len() < FEWEST_CELLS {
        used = places().filter(|(r, c)| inside(*r, *c)).collect();
    }
    used.into_iter()
        .map(|(row, column)| block(picture, mask, row, column))
        .collect()
}

/// Mean of the pixels that a cell covers, of at least one.
fn block(picture: &Squashed, mask: &Mask, row: usize, column: usize) -> [f64; 3] {
    let covered = |cell: usize, cells: usize, pixels: usize| {
        let start = cell * pixels / cells;
        start..((cell + 1) * pixels / cells).max(start + 1)
    };
    let columns = covered(column, mask.width(), picture.width);
    let pixels: Vec<[f64; 3]> = covered(row, mask.height(), picture.height)
        .flat_map(|y| columns.clone().map(move |x| 3 * (y * picture.width + x)))
        .filter_map(|at| picture.rgb.get(at..at + 3))
        .map(|rgb| [rgb[0], rgb[1], rgb[2]].map(f64::from))
        .collect();
    mean(&pixels)
}

#[cfg(test)]
mod tests;
