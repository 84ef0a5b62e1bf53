//! The person with what is worn, as pixels.

mod grid;
mod paint;
mod pixel;
mod stage;

pub use stage::Stage;

use crate::garment::Worn;
use crate::person::Person;
use grid::Grid;

/// Most pixels a side of what is rendered.
pub const MOST_SIDE: usize = 2048;

/// Paints garments on a prepared stage, from behind to before. `clip` is the line, left to right in heights, below which the
/// first garment isn't seen.
pub fn rendered(
    stage: &Stage,
    person: &Person,
    worn: &[(&Worn, Option<[crate::geometry::Point; 2]>)],
) -> Vec<u32> {
    let mut frame = stage.body.clone();
    for (garment, clip) in worn {
        let pieces = garment.placement.pieces.iter();
        let grids: Vec<Grid> = pieces
            .map(|piece| {
                let laid = piece.laid(&garment.placement, &garment.moved);
                Grid::new(garment, &laid, stage, person, *clip)
            })
            .collect();
        // Pieces of one garment throw no shadows on each other.
        for grid in &grids {
            paint::shadow(grid, stage, &mut frame);
        }
        for grid in &grids {
            paint::cloth(garment, grid, stage, &mut frame);
        }
    }
    frame
}

#[cfg(test)]
mod tests;
