//! What the person model says of a photo.

use crate::{Mask, OutputError, Point, error::check, garment::CELLS};
use serde::{Deserialize, Serialize};

const POINTS: usize = 10;

/// Places on an upper body, in the order of the model's output. Left and right are the picture's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum KeyPoint {
    Nose,
    /// The pit between the collarbones.
    Neck,
    ShoulderLeft,
    ShoulderRight,
    ElbowLeft,
    ElbowRight,
    WristLeft,
    WristRight,
    HipLeft,
    HipRight,
}

impl KeyPoint {
    /// All, in the order of the model's output.
    pub const ALL: [Self; POINTS] = [
        Self::Nose,
        Self::Neck,
        Self::ShoulderLeft,
        Self::ShoulderRight,
        Self::ElbowLeft,
        Self::ElbowRight,
        Self::WristLeft,
        Self::WristRight,
        Self::HipLeft,
        Self::HipRight,
    ];

    /// Its name in JavaScript.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nose => "nose",
            Self::Neck => "neck",
            Self::ShoulderLeft => "shoulder-left",
            Self::ShoulderRight => "shoulder-right",
            Self::ElbowLeft => "elbow-left",
            Self::ElbowRight => "elbow-right",
            Self::WristLeft => "wrist-left",
            Self::WristRight => "wrist-right",
            Self::HipLeft => "hip-left",
            Self::HipRight => "hip-right",
        }
    }
}

/// The outputs of the person model, each flat.
#[derive(Debug, Clone, Copy)]
pub struct PersonOutputs<'a> {
    /// Logits of person, hair and arms, `[3, 80, 80]`.
    pub regions: &'a [f32],
    /// x, y and a logit of being visible, `[10, 3]`.
    pub key_points: &'a [f32],
}

/// Which parts of a photo are a person's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regions {
    /// All of the person.
    pub person: Mask,
    /// The hair.
    pub hair: Mask,
    /// The arms, with hands and with sleeves that are on them.
    pub arms: Mask,
}

/// A person as the models see one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Which parts of the photo are whose.
    pub regions: Regions,
    /// In the order of [`KeyPoint::ALL`].
    pub key_points: [Point; POINTS],
}

impl Person {
    /// Reads the model's outputs.
    ///
    /// # Errors
    /// [`OutputError`]
    pub fn read(outputs: &PersonOutputs) -> Result<Self, OutputError> {
        check("regions", outputs.regions, 3 * CELLS * CELLS)?;
        check("key_points", outputs.key_points, 3 * POINTS)?;
        let region = |number: usize| {
            let cells = CELLS * CELLS;
            let logits = outputs.regions.iter().skip(number * cells).take(cells);
            Mask::checked(CELLS, CELLS, logits.copied().collect())
        };
        Ok(Self {
            regions: Regions {
                person: region(0),
                hair: region(1),
                arms: region(2),
            },
            key_points: Point::all(outputs.key_points),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    #[test]
    fn regions_and_points_are_taken_in_their_order() {
        let mut regions = vec![-1.0; 3 * 6400];
        regions[6400] = 1.0; // the hair's first cell
        let mut key_points = vec![0.0; 30];
        key_points[27..].copy_from_slice(&[0.25, 0.75, 2.0]);
        let person = Person::read(&PersonOutputs {
            regions: &regions,
            key_points: &key_points,
        });
        let person = person.expect("a person");
        assert!(person.regions.hair.inside(0, 0));
        assert!(!person.regions.person.inside(0, 0) && !person.regions.arms.inside(0, 0));
        let hip = person.key_points[KeyPoint::HipRight as usize];
        assert_eq!((hip.x, hip.y, hip.visible), (0.25, 0.75, true));
    }

    #[test]
    fn outputs_of_another_model_are_refused() {
        let person = Person::read(&PersonOutputs {
            regions: &[0.0; 6400],
            key_points: &[0.0; 30],
        });
        assert!(matches!(
            person,
            Err(OutputError::Length {
                output: "regions",
                ..
            })
        ));
    }

    #[test]
    fn names_are_those_that_javascript_sees() {
        for point in KeyPoint::ALL {
            assert_eq!(serde_json::to_value(point).expect("a name"), point.name());
        }
    }
}
