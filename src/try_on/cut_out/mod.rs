//! A garment cut out of its picture along its own edge.
//!
//! The model's mask has 80 × 80 cells; the edge is found again in the picture's colours.

mod clean;
mod edge;
mod guided;

pub use clean::Cells;
pub use guided::Guide;

use crate::error::TryOnError;
use crate::pixels::Pixels;
use crate::plane::Plane;
use nearshelf_vision::Mask;

/// Longer side of a garment as it is kept, pixels: finer is not seen on a picture of a person.
pub const MOST_SIDE: usize = 720;

/// A garment with the picture around it made transparent.
#[derive(Debug, Clone)]
pub struct CutOut {
    /// Straight alpha; at the edge the garment's own colours.
    pub picture: Pixels,
    /// Where it lies, coarsely.
    pub cells: Cells,
}

impl CutOut {
    /// Cuts what the mask covers out of a picture.
    ///
    /// # Errors
    /// Where the mask covers nothing.
    pub fn new(picture: Pixels, mask: &Mask) -> Result<Self, TryOnError> {
        let picture = picture.at_most(MOST_SIDE);
        let cells = Cells::cleaned(mask).ok_or(TryOnError::GarmentNotFound)?;
        let coarse = cells.cover();
        // Its radius is a cell and a half: so far may the coarse edge lie beside the real one.
        let reach =
            (picture.width.max(picture.height) * 3 / (2 * cells.width.max(cells.height))).max(1);
        let wide = coarse.resized(picture.width, picture.height);
        let fine = Guide::new(&picture, reach).filtered(&wide);
        let alpha = edge::sharpened(&fine, &wide, reach);
        Ok(Self {
            picture: edge::own_colours(&picture, &alpha, reach),
            cells,
        })
    }

    /// How much of the pixels is garment.
    pub fn alpha(&self) -> Plane {
        let values = self
            .picture
            .rgba
            .iter()
            .map(|pixel| f32::from(pixel[3]) / 255.0)
            .collect();
        Plane {
            width: self.picture.width,
            height: self.picture.height,
            values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(edge: usize) -> Pixels {
        let bytes: Vec<u8> = (0..160 * 160)
            .flat_map(|i| {
                if i % 160 < edge {
                    [200, 30, 40, 255]
                } else {
                    [235, 235, 230, 255]
                }
            })
            .collect();
        Pixels::new(160, 160, &bytes).unwrap()
    }

    /// Logits of a garment left of a column of cells.
    fn mask(columns: usize) -> Mask {
        let logits = (0..6400)
            .map(|i| if i % 80 < columns { 4.0 } else { -4.0 })
            .collect();
        Mask::new(80, 80, logits).unwrap()
    }

    #[test]
    fn the_edge_follows_the_pictures_colours_and_not_the_masks_cells() {
        // The mask's edge lies at pixel 80, the garment's at 82.
        let alpha = CutOut::new(scene(82), &mask(40)).unwrap().alpha();
        for row in [20, 80, 140] {
            assert!(alpha.get(80, row) > 0.6, "{}", alpha.get(80, row));
            assert!(alpha.get(83, row) < 0.3, "{}", alpha.get(83, row));
            assert_eq!(alpha.get(10, row), 1.0);
            assert_eq!(alpha.get(120, row), 0.0);
        }
    }

    #[test]
    fn at_the_edge_there_is_no_colour_of_the_ground() {
        let cut = CutOut::new(scene(82), &mask(40)).unwrap().picture;
        for pixel in cut.rgba.iter().filter(|pixel| pixel[3] > 0) {
            assert!(pixel[0].abs_diff(200) < 12 && pixel[1] < 60, "{pixel:?}");
        }
    }

    #[test]
    fn an_empty_mask_is_no_garment() {
        let refused = CutOut::new(scene(80), &mask(0)).unwrap_err();
        assert_eq!(refused, TryOnError::GarmentNotFound);
    }

    #[test]
    fn a_picture_of_one_pixel_is_cut_out_too() {
        let one = Pixels::new(1, 1, &[1, 2, 3, 255]).unwrap();
        let full = CutOut::new(one, &mask(80)).unwrap();
        assert_eq!(full.picture.rgba, [[1, 2, 3, 255]]);
    }
}
