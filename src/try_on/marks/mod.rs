//! The marks of a garment: where its corners are, those that were not seen among them.

mod axis;
mod finder;

use crate::cut_out::Cells;
use crate::geometry::Point;
use axis::Axis;
use finder::Finder;
use nearshelf_vision::Category;

/// A corner, in heights of the garment's picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub at: Point,
    /// Whether the model saw it; else it is estimated from the others and the mask.
    pub seen: bool,
}

/// Both of a kind: the picture's left, then right.
pub type Pair = [Mark; 2];

/// The marks of tops, dresses and outwear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Upper {
    /// Where the neckline meets the shoulder seam.
    pub collar: Pair,
    /// Where the sleeve begins.
    pub shoulder: Pair,
    /// Middle of the sleeve's end, or the armhole's lower end.
    pub cuff: Pair,
    /// Side seam at the waist.
    pub waist: Pair,
    /// Corners of the hem.
    pub hem: Pair,
    /// How each sleeve is cut; none without sleeves.
    pub sleeves: Option<[SleeveCut; 2]>,
}

/// The marks of trousers and shorts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Legs {
    /// Top corners.
    pub waist: Pair,
    /// Outer corners of the legs' ends.
    pub hem: Pair,
    /// Their inner corners.
    pub cuff: Pair,
    /// Where the legs part.
    pub crotch: Point,
    /// Its sides at the hips.
    pub hips: [Point; 2],
}

/// The marks that a garment of its kind has.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(clippy::large_enum_variant)] // There is one of them a garment.
pub enum Marks {
    /// Tops, dresses and outwear.
    Upper(Upper),
    /// Trousers and shorts.
    Legs(Legs),
    /// Skirts.
    Skirt {
        /// Top corners.
        waist: Pair,
        /// Lower corners.
        hem: Pair,
        /// Its sides at the hips.
        hips: [Point; 2],
    },
}

/// A sleeve's widths, measured on the mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SleeveCut {
    /// Half the width of its end.
    pub half: f64,
    /// Its middle line between the armhole and its end, at [`ALONG_SLEEVE`].
    pub middle: [Point; 2],
    /// Its outer edge there.
    pub outer: [Point; 2],
}

/// Where sleeves are measured, in parts of the way from the armhole to the end.
pub const ALONG_SLEEVE: [f64; 2] = [0.25, 0.6];
/// The armpit below and inside of the shoulder, in widths of the shoulders.
pub const ARMPIT: (f64, f64) = (0.38, 0.03);

/// Landmarks as the model gives them, in parts of the picture's extents.
pub type Landmarks = [nearshelf_vision::Point; 10];

impl Marks {
    /// Those of a garment that covers `cells` of a picture so wide in heights. None of hats and shoes.
    pub fn complete(
        category: Category,
        landmarks: &Landmarks,
        cells: &Cells,
        aspect: f64,
    ) -> Option<Self> {
        let finder = Finder {
            landmarks,
            cells,
            aspect,
            axis: Axis::of(landmarks, cells, aspect),
        };
        match category {
            Category::Hat | Category::Shoes => None,
            Category::Pants | Category::Shorts => Some(finder.legs()),
            Category::Skirt => {
                let (waist, hem) = finder.waist_and_hem();
                Some(Self::Skirt {
                    waist,
                    hem,
                    hips: finder.hips(&waist, None),
                })
            }
            _ => Some(finder.upper()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;
    use nearshelf_vision::Mask;

    const UNSEEN: nearshelf_vision::Point = nearshelf_vision::Point {
        x: f32::NAN,
        y: 9.0,
        score: 0.0,
        visible: false,
    };

    fn seen_at(x: f32, y: f32) -> nearshelf_vision::Point {
        nearshelf_vision::Point {
            x,
            y,
            score: 1.0,
            visible: true,
        }
    }

    /// A block from a quarter to three quarters of each side.
    fn block() -> Cells {
        let logits = (0..6400).map(|i| {
            if (20..60).contains(&(i % 80)) && (20..60).contains(&(i / 80)) {
                5.0
            } else {
                -5.0
            }
        });
        Cells::cleaned(&Mask::new(80, 80, logits.collect()).unwrap()).unwrap()
    }

    #[test]
    fn without_any_landmark_the_mask_alone_says_where_the_corners_are() {
        let Some(Marks::Upper(Upper {
            collar,
            shoulder,
            hem,
            waist,
            cuff,
            ..
        })) = Marks::complete(Category::Shirt, &[UNSEEN; 10], &block(), 1.0)
        else {
            panic!("a top")
        };
        for pair in [collar, shoulder, hem, waist, cuff] {
            assert!(pair.iter().all(|mark| !mark.seen
                && (0.2..0.8).contains(&mark.at.x)
                && (0.2..0.8).contains(&mark.at.y)));
            assert!((pair[0].at.x + pair[1].at.x - 1.0).abs() < 0.02, "{pair:?}");
        }
        assert!(
            collar[0].at.x > shoulder[0].at.x
                && shoulder[0].at.y < waist[0].at.y
                && waist[0].at.y < hem[0].at.y
        );
    }

    #[test]
    fn a_corner_that_is_not_seen_is_the_mirror_image_of_its_partner() {
        let mut landmarks = [UNSEEN; 10];
        for (landmark, x, y) in [
            (2, 0.3, 0.3),
            (3, 0.7, 0.3),
            (6, 0.3, 0.7),
            (7, 0.7, 0.7),
            (4, 0.1, 0.5),
        ] {
            landmarks[landmark] = seen_at(x, y);
        }
        let Some(Marks::Upper(Upper { cuff, .. })) =
            Marks::complete(Category::TShirt, &landmarks, &block(), 0.75)
        else {
            panic!("a top")
        };
        assert!(cuff[0].seen && !cuff[1].seen);
        assert!((cuff[1].at - point(0.9 * 0.75, 0.5)).length() < 1e-6);
    }

    #[test]
    fn trousers_have_inner_corners_between_their_outer_ones() {
        let Some(Marks::Legs(Legs {
            hem, cuff, waist, ..
        })) = Marks::complete(Category::Pants, &[UNSEEN; 10], &block(), 1.0)
        else {
            panic!("legs")
        };
        assert!(
            hem[0].at.x < cuff[0].at.x && cuff[0].at.x < cuff[1].at.x && cuff[1].at.x < hem[1].at.x
        );
        assert!(waist[0].at.y < hem[0].at.y);
    }

    #[test]
    fn hats_and_shoes_have_no_marks() {
        assert_eq!(
            Marks::complete(Category::Hat, &[UNSEEN; 10], &block(), 1.0),
            None
        );
        assert_eq!(
            Marks::complete(Category::Shoes, &[UNSEEN; 10], &block(), 1.0),
            None
        );
    }
}
