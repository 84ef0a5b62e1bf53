//! Third parties' models of people in the place of ours: how a shop describes them, what they read and what they say.

mod pose;
mod segmentation;
#[cfg(test)]
mod tests;

pub use pose::{Kind, Order, Pose, Units};
pub use segmentation::{Activation, Segmentation};

use crate::Picture;
use serde::{Deserialize, Serialize};

/// Most pixels a side that a model may read, and most values that it may give.
const MOST_SIDE: usize = 2_048;
const MOST_VALUES: usize = 1 << 26;

/// Why settings, or a model with them, can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The settings don't say what they have to.
    #[error("the settings of the {model} model are wrong: {detail}")]
    Settings {
        /// Which.
        model: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The model's input or output has another shape than the settings tell.
    #[error("the {model} model's {port} has the shape {shape:?}: {expected}")]
    Shape {
        /// Which.
        model: &'static str,
        /// `input` or `output`.
        port: &'static str,
        /// Its shape.
        shape: Vec<usize>,
        /// What it should be.
        expected: String,
    },
    /// The output holds NaN or an infinite value.
    #[error(
        "the {model} model gives a value that is not finite, at {at}: check mean and std, and the model itself"
    )]
    NotFinite {
        /// Which.
        model: &'static str,
        /// Index of the first such value.
        at: usize,
    },
}

/// Which models stand in for ours, and how they are spoken to. What is left out is done by the model that ships.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Which parts of a photo are a person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segmentation: Option<Segmentation>,
    /// Where points of a body are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pose: Option<Pose>,
}

impl Settings {
    /// Checks what can be checked without the models.
    ///
    /// # Errors
    /// [`SettingsError::Settings`]
    pub fn check(&self) -> Result<(), SettingsError> {
        if let Some(segmentation) = &self.segmentation {
            segmentation.check()?;
        }
        self.pose.as_ref().map_or(Ok(()), Pose::check)
    }
}

/// Order of a picture's channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Channels {
    #[serde(rename = "RGB")]
    Rgb,
    #[serde(rename = "BGR")]
    Bgr,
}

/// Where the channels stand in a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// `[1, channels, height, width]`
    #[serde(rename = "NCHW")]
    Nchw,
    /// `[1, height, width, channels]`
    #[serde(rename = "NHWC")]
    Nhwc,
}

impl Layout {
    /// Channels, height and width; `None` of a shape of another rank or batch, or of no values.
    fn extents(self, shape: &[usize]) -> Option<[usize; 3]> {
        let [c, h, w] = match (self, shape) {
            (Self::Nchw, [1, c, h, w]) | (Self::Nhwc, [1, h, w, c]) => [*c, *h, *w],
            _ => return None,
        };
        let values = c.checked_mul(h)?.checked_mul(w)?;
        (1..=MOST_VALUES).contains(&values).then_some([c, h, w])
    }
}

/// What a model's authors say of its input. A pixel becomes `(v / 255 − mean) / std`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// A channel each, in the model's order, of values in 0..1.
    pub mean: [f32; 3],
    /// Likewise.
    pub std: [f32; 3],
    /// The model's order.
    pub channels: Channels,
    /// Of the input, and of maps that come out.
    pub layout: Layout,
}

impl Input {
    fn check(&self, model: &'static str) -> Result<(), SettingsError> {
        let finite = self
            .mean
            .iter()
            .chain(&self.std)
            .all(|value| value.is_finite());
        if finite && self.std.iter().all(|std| *std > 0.0) {
            return Ok(());
        }
        Err(SettingsError::Settings {
            model,
            detail: "mean has to be three numbers and std three numbers above 0".to_owned(),
        })
    }

    /// The picture as the model reads it.
    fn tensor(
        &self,
        model: &'static str,
        picture: &Picture,
        shape: &[usize],
    ) -> Result<Vec<f32>, SettingsError> {
        let [height, width] = self.extents(model, shape)?;
        let squashed = picture.squash(width, height);
        let normalised =
            |channel: usize, value: f32| (value / 255.0 - self.mean[channel]) / self.std[channel];
        let source = |channel: usize| match self.channels {
            Channels::Rgb => channel,
            Channels::Bgr => 2 - channel,
        };
        let (pixels, _) = squashed.rgb.as_chunks::<3>();
        let value = |channel: usize, pixel: &[f32; 3]| normalised(channel, pixel[source(channel)]);
        Ok(match self.layout {
            Layout::Nchw => (0..3)
                .flat_map(|channel| pixels.iter().map(move |pixel| value(channel, pixel)))
                .collect(),
            Layout::Nhwc => pixels
                .iter()
                .flat_map(|pixel| (0..3).map(move |channel| value(channel, pixel)))
                .collect(),
        })
    }

    /// Height and width that the model reads.
    fn extents(&self, model: &'static str, shape: &[usize]) -> Result<[usize; 2], SettingsError> {
        match self.layout.extents(shape) {
            Some([3, height, width]) if height.max(width) <= MOST_SIDE => Ok([height, width]),
            _ => {
                let order = match self.layout {
                    Layout::Nchw => "[1, 3, height, width]",
                    Layout::Nhwc => "[1, height, width, 3]",
                };
                Err(SettingsError::Shape {
                    model,
                    port: "input",
                    shape: shape.to_vec(),
                    expected: format!(
                        "{order} of at most {MOST_SIDE} pixels a side, as layout says"
                    ),
                })
            }
        }
    }
}

/// Fails unless there are as many values as the shape has, all finite.
fn check_values(model: &'static str, values: &[f32], shape: &[usize]) -> Result<(), SettingsError> {
    let expected = shape
        .iter()
        .try_fold(1_usize, |all, extent| all.checked_mul(*extent));
    if expected != Some(values.len()) {
        return Err(SettingsError::Shape {
            model,
            port: "output",
            shape: shape.to_vec(),
            expected: format!("it came with {} values", values.len()),
        });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(SettingsError::NotFinite { model, at }),
        None => Ok(()),
    }
}
