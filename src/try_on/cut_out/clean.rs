//! The mask's cells without specks and holes.

use crate::plane::Plane;
use nearshelf_vision::Mask;

/// Parts smaller than this share of the largest are specks.
const SPECK: f64 = 0.15;
/// Enclosed holes up to this share of the garment are filled: a pocket or a lit fold that the model took for the ground.
const HOLE: f64 = 0.06;

/// Cells of a mask: inside or not, and how surely.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Cells across.
    pub width: usize,
    /// Cells down.
    pub height: usize,
    inside: Vec<bool>,
    cover: Vec<f32>,
}

impl Cells {
    /// What a mask covers, but for specks and with small holes filled; none where that is nothing.
    pub fn cleaned(mask: &Mask) -> Option<Self> {
        let (width, height) = (mask.width(), mask.height());
        let raw: Vec<bool> = mask.logits().iter().map(|logit| *logit > 0.0).collect();
        let parts = connected(&raw, width, true);
        let largest = parts.iter().map(Vec::len).max()?;
        let mut inside = vec![false; raw.len()];
        for part in &parts {
            if part.len() as f64 >= SPECK * largest as f64 {
                for cell in part {
                    inside[*cell] = true;
                }
            }
        }
        let area = inside.iter().filter(|inside| **inside).count() as f64;
        for hole in connected(&inside, width, false) {
            let touches = |cell: &usize| {
                let (row, column) = (cell / width, cell % width);
                row == 0 || column == 0 || row + 1 == height || column + 1 == width
            };
            if hole.len() as f64 <= HOLE * area && !hole.iter().any(touches) {
                for cell in hole {
                    inside[cell] = true;
                }
            }
        }
        let cover = mask
            .logits()
            .iter()
            .zip(raw.iter().zip(&inside))
            .map(|(logit, (raw, inside))| match (raw, inside) {
                (false, true) => 1.0,
                (true, false) => 0.0,
                _ => 1.0 / (1.0 + (-logit).exp()),
            })
            .collect();
        Some(Self {
            width,
            height,
            inside,
            cover,
        })
    }

    /// Whether a cell belongs to the garment; none does outside.
    pub fn inside(&self, column: usize, row: usize) -> bool {
        column < self.width && row < self.height && self.inside[row * self.width + column]
    }

    /// How surely each cell belongs to it, 0..1.
    pub fn cover(&self) -> Plane {
        Plane {
            width: self.width,
            height: self.height,
            values: self.cover.clone(),
        }
    }

    /// Left and right edge of the garment at a height, all in parts of the extents; none where it isn't.
    pub fn span(&self, y: f64) -> Option<(f64, f64)> {
        let row = ((y * self.height as f64).max(0.0) as usize).min(self.height - 1);
        let first = (0..self.width).find(|column| self.inside(*column, row))?;
        let last = (0..self.width).rfind(|column| self.inside(*column, row))?;
        Some((
            first as f64 / self.width as f64,
            (last + 1) as f64 / self.width as f64,
        ))
    }

    /// The stretch of garment around a place of a row, or the one closest to it.
    pub fn run(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let row = ((y * self.height as f64).max(0.0) as usize).min(self.height - 1);
        let place = ((x * self.width as f64).max(0.0) as usize).min(self.width - 1);
        let near = (0..self.width)
            .filter(|column| self.inside(*column, row))
            .min_by_key(|column| column.abs_diff(place))?;
        let first = (0..=near)
            .rev()
            .take_while(|column| self.inside(*column, row))
            .last()?;
        let last = (near..self.width)
            .take_while(|column| self.inside(*column, row))
            .last()?;
        Some((
            first as f64 / self.width as f64,
            (last + 1) as f64 / self.width as f64,
        ))
    }

    /// Upper and lower edge of the garment.
    pub fn reach(&self) -> (f64, f64) {
        let filled = |row: &usize| (0..self.width).any(|column| self.inside(column, *row));
        let first = (0..self.height).find(filled).unwrap_or(0);
        let last = (0..self.height).rfind(filled).unwrap_or(self.height - 1);
        (
            first as f64 / self.height as f64,
            (last + 1) as f64 / self.height as f64,
        )
    }
}

/// Cells of that value in parts that hang together by their sides.
fn connected(cells: &[bool], width: usize, value: bool) -> Vec<Vec<usize>> {
    let mut seen: Vec<bool> = cells.iter().map(|cell| *cell != value).collect();
    let mut parts = Vec::new();
    for start in 0..cells.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut part = vec![start];
        let mut next = 0;
        while let Some(cell) = part.get(next).copied() {
            next += 1;
            let column = cell % width;
            let sides = [
                (column > 0).then(|| cell - 1),
                (column + 1 < width).then(|| cell + 1),
                cell.checked_sub(width),
                Some(cell + width).filter(|below| *below < cells.len()),
            ];
            for side in sides.into_iter().flatten() {
                if !seen[side] {
                    seen[side] = true;
                    part.push(side);
                }
            }
        }
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(rows: [&str; 6]) -> Option<Cells> {
        let logits = rows
            .iter()
            .flat_map(|row| row.chars())
            .map(|c| if c == '#' { 3.0 } else { -3.0 })
            .collect();
        Cells::cleaned(&Mask::new(12, 6, logits).unwrap())
    }

    #[test]
    fn specks_are_dropped_and_small_holes_filled() {
        let cleaned = cells([
            "........#...",
            "######......",
            "######......",
            "###.##......",
            "######......",
            "######......",
        ])
        .unwrap();
        assert!(!cleaned.inside(8, 0), "a speck");
        assert!(cleaned.inside(3, 3), "a hole");
        assert_eq!(cleaned.span(0.5), Some((0.0, 0.5)));
        assert_eq!(cleaned.span(0.0), None);
        assert_eq!(cleaned.reach(), (1.0 / 6.0, 1.0));
    }

    #[test]
    fn what_is_open_to_the_edge_is_no_hole() {
        let cleaned = cells([
            "######......",
            "######......",
            "###.##......",
            "###.##......",
            "###.##......",
            "###.##......",
        ])
        .unwrap();
        assert!(!cleaned.inside(3, 3));
        assert_eq!(cleaned.run(0.1, 0.9), Some((0.0, 0.25)));
        assert_eq!(cleaned.run(0.99, 0.9), Some((4.0 / 12.0, 0.5)));
    }

    #[test]
    fn of_an_empty_mask_there_are_no_cells() {
        assert!(cells(["............"; 6]).is_none());
    }
}
