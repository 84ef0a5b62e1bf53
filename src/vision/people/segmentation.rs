//! Models that say which parts of a photo are a person's.

use super::{Input, SettingsError, check_values};
use crate::{Mask, Picture, Regions, point::softmax};
use serde::{Deserialize, Serialize};

const MODEL: &str = "segmentation";
/// The logit of what a model doesn't know of, and the most that a probability's may be.
const SURE: f32 = 20.0;

/// What makes probabilities of a model's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// Softmax over the channels.
    Softmax,
    /// Sigmoid of each value.
    Sigmoid,
    /// They are probabilities already.
    None,
}

/// A model that says which parts of a photo are a person's: f32 in, one map a channel out, in the input's layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segmentation {
    /// The ONNX file, beside the settings; for packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(flatten)]
    input: Input,
    activation: Activation,
    /// Channel of the whole person.
    person: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hair: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arms: Option<usize>,
}

impl Segmentation {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.input.check(MODEL)
    }

    /// The picture as the model reads it.
    ///
    /// - `shape`: of the model's input
    ///
    /// # Errors
    /// [`SettingsError::Shape`]
    pub fn tensor(&self, picture: &Picture, shape: &[usize]) -> Result<Vec<f32>, SettingsError> {
        self.input.tensor(MODEL, picture, shape)
    }

    /// Reads the model's output. Hair and arms that it doesn't know are nowhere.
    ///
    /// - `output`, `shape`: flat values, and the shape that the model gave with them
    ///
    /// # Errors
    /// [`SettingsError::Shape`], [`SettingsError::NotFinite`]
    pub fn read(&self, output: &[f32], shape: &[usize]) -> Result<Regions, SettingsError> {
        check_values(MODEL, output, shape)?;
        let named = [Some(self.person), self.hair, self.arms];
        let needed = named
            .into_iter()
            .flatten()
            .max()
            .map_or(1, |last| last.saturating_add(1));
        let Some([channels, height, width]) = self
            .input
            .layout
            .extents(shape)
            .filter(|[channels, ..]| *channels >= needed)
        else {
            return Err(SettingsError::Shape {
                model: MODEL,
                port: "output",
                shape: shape.to_vec(),
                expected: format!(
                    "one map a channel in the order of layout, at least {needed} of them"
                ),
            });
        };
        let cells = width * height;
        let at = |channel: usize, cell: usize| match self.input.layout {
            super::Layout::Nchw => channel * cells + cell,
            super::Layout::Nhwc => cell * channels + channel,
        };
        let mut logits = named.map(|_| vec![-SURE; cells]);
        let mut values = vec![0.0; channels];
        for cell in 0..cells {
            for (channel, value) in values.iter_mut().enumerate() {
                *value = output.get(at(channel, cell)).copied().unwrap_or(0.0);
            }
            if self.activation == Activation::Softmax {
                softmax(&mut values);
            }
            for (region, channel) in logits.iter_mut().zip(named) {
                let value = channel.and_then(|channel| values.get(channel));
                if let Some(value) = value {
                    region[cell] = match self.activation {
                        Activation::Sigmoid => value.clamp(-SURE, SURE),
                        Activation::Softmax | Activation::None => logit(*value),
                    };
                }
            }
        }
        let [person, hair, arms] = logits.map(|logits| Mask::checked(width, height, logits));
        Ok(Regions { person, hair, arms })
    }
}

/// The logit of a probability; of values outside 0..1, that of the nearer end.
fn logit(probability: f32) -> f32 {
    let p = probability.clamp(0.0, 1.0);
    (p / (1.0 - p)).ln().clamp(-SURE, SURE)
}
