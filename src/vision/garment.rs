//! What the garment model says of a picture.

use crate::{
    Attribute, Category, Mask, OutputError, Point,
    attribute::{ATTRIBUTE_VALUES, ATTRIBUTES, likeliest},
    error::check,
    point::softmax,
};
use serde::Serialize;

/// Cells a side of the models' masks.
pub(crate) const CELLS: usize = 80;
/// Values of a garment's embedding.
pub const EMBEDDING_VALUES: usize = 128;
const LANDMARKS: usize = 10;

/// Corners of a garment, in the order of the model's output. Left and right are the picture's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Landmark {
    CollarLeft,
    CollarRight,
    ShoulderLeft,
    ShoulderRight,
    CuffLeft,
    CuffRight,
    HemLeft,
    HemRight,
    WaistLeft,
    WaistRight,
}

impl Landmark {
    /// All, in the order of the model's output.
    pub const ALL: [Self; LANDMARKS] = [
        Self::CollarLeft,
        Self::CollarRight,
        Self::ShoulderLeft,
        Self::ShoulderRight,
        Self::CuffLeft,
        Self::CuffRight,
        Self::HemLeft,
        Self::HemRight,
        Self::WaistLeft,
        Self::WaistRight,
    ];

    /// Its name in JavaScript.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CollarLeft => "collar-left",
            Self::CollarRight => "collar-right",
            Self::ShoulderLeft => "shoulder-left",
            Self::ShoulderRight => "shoulder-right",
            Self::CuffLeft => "cuff-left",
            Self::CuffRight => "cuff-right",
            Self::HemLeft => "hem-left",
            Self::HemRight => "hem-right",
            Self::WaistLeft => "waist-left",
            Self::WaistRight => "waist-right",
        }
    }
}

/// The outputs of the garment model, each flat.
#[derive(Debug, Clone, Copy)]
pub struct GarmentOutputs<'a> {
    /// Logits, `[10]`.
    pub category: &'a [f32],
    /// Logits, `[24]`.
    pub attributes: &'a [f32],
    /// `[128]`.
    pub embedding: &'a [f32],
    /// Logits, `[80, 80]`.
    pub mask: &'a [f32],
    /// x, y and a logit of being visible, `[10, 3]`.
    pub landmarks: &'a [f32],
}

/// An embedding in q8: value = `scale` × `values[i]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Finite, not negative.
    pub scale: f32,
    /// `[128]`.
    pub values: Vec<i8>,
}

impl Row {
    /// Quantizes an embedding, L2-normalised; its largest value becomes ±127. Zeros stay zeros.
    ///
    /// - `embedding`: finite
    #[must_use]
    pub fn quantize(embedding: &[f32]) -> Self {
        let length = embedding.iter().map(|x| x * x).sum::<f32>().sqrt();
        let largest = embedding.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if !length.is_finite() || length <= 0.0 {
            return Self {
                scale: 0.0,
                values: vec![0; embedding.len()],
            };
        }
        Self {
            scale: largest / length / 127.0,
            values: embedding
                .iter()
                .map(|x| (x / largest * 127.0).round() as i8)
                .collect(),
        }
    }

    /// Inner product with another row: the cosine, but for what quantization took.
    #[must_use]
    pub fn dot(&self, other: &Self) -> f32 {
        dot(&self.values, &other.values) as f32 * self.scale * other.scale
    }
}

pub(crate) fn dot(one: &[i8], other: &[i8]) -> i32 {
    one.iter()
        .zip(other)
        .map(|(a, b)| i32::from(*a) * i32::from(*b))
        .sum()
}

/// A garment as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Garment {
    /// The likeliest kind.
    pub category: Category,
    /// Its probability.
    pub probability: f32,
    /// Of all kinds, in the order of [`Category::ALL`].
    pub probabilities: [f32; Category::COUNT],
    /// The likeliest value of each group of [`ATTRIBUTES`].
    pub attributes: [Attribute; ATTRIBUTES.len()],
    /// Where it lies among others.
    pub embedding: Row,
    /// Which cells it covers, 80 × 80.
    pub mask: Mask,
    /// In the order of [`Landmark::ALL`].
    pub landmarks: [Point; LANDMARKS],
}

impl Garment {
    /// Reads the model's outputs.
    ///
    /// # Errors
    /// [`OutputError`]
    pub fn read(outputs: &GarmentOutputs) -> Result<Self, OutputError> {
        check("category", outputs.category, Category::COUNT)?;
        check("attributes", outputs.attributes, ATTRIBUTE_VALUES)?;
        check("embedding", outputs.embedding, EMBEDDING_VALUES)?;
        check("mask", outputs.mask, CELLS * CELLS)?;
        check("landmarks", outputs.landmarks, 3 * LANDMARKS)?;
        let mut probabilities = [0.0; Category::COUNT];
        probabilities.copy_from_slice(outputs.category);
        softmax(&mut probabilities);
        let (category, probability) = likeliest(&probabilities);
        let mut logits = [0.0; ATTRIBUTE_VALUES];
        logits.copy_from_slice(outputs.attributes);
        Ok(Self {
            category: Category::from_index(category).unwrap_or(Category::Dress),
            probability,
            probabilities,
            attributes: Attribute::all(&logits),
            embedding: Row::quantize(outputs.embedding),
            mask: Mask::checked(CELLS, CELLS, outputs.mask.to_vec()),
            landmarks: Point::all(outputs.landmarks),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    struct Given {
        category: Vec<f32>,
        attributes: Vec<f32>,
        embedding: Vec<f32>,
        mask: Vec<f32>,
        landmarks: Vec<f32>,
    }

    impl Given {
        fn new() -> Self {
            Self {
                category: vec![0.0; 10],
                attributes: vec![0.0; 24],
                embedding: vec![0.0; 128],
                mask: vec![-1.0; 6400],
                landmarks: vec![0.0; 30],
            }
        }

        fn read(&self) -> Result<Garment, OutputError> {
            Garment::read(&GarmentOutputs {
                category: &self.category,
                attributes: &self.attributes,
                embedding: &self.embedding,
                mask: &self.mask,
                landmarks: &self.landmarks,
            })
        }
    }

    #[test]
    fn outputs_that_say_nothing_are_still_a_garment() {
        let garment = Given::new().read().expect("a garment");
        assert_eq!(
            (garment.category, garment.probability),
            (Category::Dress, 0.1)
        );
        assert_eq!(garment.embedding.scale, 0.0);
        assert_eq!(garment.mask.area(), 0.0);
        assert!(
            garment
                .landmarks
                .iter()
                .all(|point| !point.visible && point.score == 0.5)
        );
    }

    #[test]
    fn outputs_of_another_length_are_named() {
        let mut given = Given::new();
        given.mask.pop();
        let expected = OutputError::Length {
            output: "mask",
            found: 6399,
            expected: 6400,
        };
        assert_eq!(given.read(), Err(expected));
    }

    #[test]
    fn a_value_that_is_no_number_is_named() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut given = Given::new();
            given.landmarks[29] = bad;
            let expected = OutputError::NotFinite {
                output: "landmarks",
                at: 29,
            };
            assert_eq!(given.read(), Err(expected));
        }
    }

    #[test]
    fn logits_as_large_as_numbers_get_are_probabilities() {
        let mut given = Given::new();
        given.category = vec![f32::MIN; 10];
        given.category[6] = f32::MAX;
        let garment = given.read().expect("a garment");
        assert_eq!(
            (garment.category, garment.probability),
            (Category::Shoes, 1.0)
        );
    }

    #[test]
    fn an_embedding_has_length_one_after_quantization() {
        let values: Vec<f32> = (0..128).map(|n| (n as f32 * 0.37).sin()).collect();
        let row = Row::quantize(&values);
        assert!((row.dot(&row) - 1.0).abs() < 0.01);
        let huge: Vec<f32> = values.iter().map(|v| v * 1e30).collect();
        assert_eq!(Row::quantize(&huge).scale, 0.0, "its length is beyond f32");
    }

    #[test]
    fn names_are_those_that_javascript_sees() {
        for landmark in Landmark::ALL {
            assert_eq!(
                serde_json::to_value(landmark).expect("a name"),
                landmark.name()
            );
        }
    }
}
