//! What a page gives, checked.

use crate::thrown::{coded, thrown};
use js_sys::{Float32Array, Reflect};
use nearshelf_try_on::{Pattern, Slot, srgb};
use nearshelf_vision::{Category, Mask, Point};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// Cells a side of our models' masks.
pub const CELLS: usize = 80;

/// Numbers under a name of an object.
pub fn floats(object: &JsValue, name: &str) -> Result<Vec<f32>, JsValue> {
    let value = Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let array: &Float32Array = value.dyn_ref().ok_or_else(|| {
        thrown(
            "vision-output-invalid",
            &format!("{name} is no Float32Array: pass what the model gave under that name"),
        )
    })?;
    Ok(array.to_vec())
}

/// A whole number under a name of an object.
pub fn count(object: &JsValue, name: &str) -> Result<usize, JsValue> {
    let value = Reflect::get(object, &name.into())
        .ok()
        .and_then(|value| value.as_f64());
    match value {
        Some(value) if value.fract() == 0.0 && (0.0..=1e6).contains(&value) => Ok(value as usize),
        _ => Err(thrown(
            "vision-output-invalid",
            &format!("{name} is no whole number"),
        )),
    }
}

/// A mask's cells.
pub fn mask(width: usize, height: usize, logits: Vec<f32>) -> Result<Mask, JsValue> {
    Mask::new(width, height, logits).map_err(coded("vision-output-invalid"))
}

/// Ten points as x, y and a number that is above 0 where the point is visible.
pub fn points(values: &[f32]) -> Result<[Point; 10], JsValue> {
    let (rows, rest) = values.as_chunks::<3>();
    let rows: Option<&[[f32; 3]; 10]> = rows
        .try_into()
        .ok()
        .filter(|_| rest.is_empty() && values.iter().all(|value| value.is_finite()));
    let rows = rows.ok_or_else(|| {
        thrown(
            "vision-output-invalid",
            &format!(
                "{} numbers are no ten points: give x, y and visibility of each, all finite",
                values.len()
            ),
        )
    })?;
    Ok(rows.map(|[x, y, visible]| Point {
        x,
        y,
        score: visible,
        visible: visible > 0.0,
    }))
}

/// The same the other way round.
pub fn flat(points: &[Point]) -> Vec<f32> {
    points
        .iter()
        .flat_map(|point| [point.x, point.y, if point.visible { 1.0 } else { -1.0 }])
        .collect()
}

/// Plain data of a kind.
pub fn read<T: DeserializeOwned>(value: JsValue, code: &'static str) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(coded(code))
}

/// The slot of a name.
pub fn slot(name: &str) -> Result<Slot, JsValue> {
    Slot::from_name(name).ok_or_else(|| {
        thrown(
            "request-invalid",
            &format!("there is no slot {name:?}: there are bottom, top, dress and outer"),
        )
    })
}

/// The category of a name.
pub fn category(name: &str) -> Result<Category, JsValue> {
    Category::from_name(name).ok_or_else(|| {
        let known: Vec<_> = Category::ALL
            .iter()
            .map(|category| category.name())
            .collect();
        thrown(
            "request-invalid",
            &format!(
                "there is no category {name:?}: there are {}",
                known.join(", ")
            ),
        )
    })
}

/// The colour that `#rrggbb` is.
pub fn colour(hex: &str) -> Result<[u8; 3], JsValue> {
    srgb(hex).ok_or_else(|| {
        thrown(
            "request-invalid",
            &format!("{hex:?} is no colour: write #rrggbb"),
        )
    })
}

/// A pattern as pages write it.
#[derive(Serialize, Deserialize)]
pub struct PatternGiven {
    kind: String,
    colour: String,
    scale: f64,
    angle: f64,
}

impl PatternGiven {
    /// Checks it; whether it can be drawn is the try-on's to say.
    pub fn pattern(&self) -> Result<Pattern, JsValue> {
        let figure = nearshelf_try_on::Figure::from_name(&self.kind).ok_or_else(|| {
            thrown(
                "request-invalid",
                &format!(
                    "there is no pattern {:?}: there are stripes, checks and dots",
                    self.kind
                ),
            )
        })?;
        Ok(Pattern {
            figure,
            colour: colour(&self.colour)?,
            scale: self.scale,
            angle: self.angle,
        })
    }

    /// Of a pattern.
    pub fn of(pattern: &Pattern) -> Self {
        Self {
            kind: pattern.figure.name().to_owned(),
            colour: nearshelf_try_on::hex(pattern.colour),
            scale: pattern.scale,
            angle: pattern.angle,
        }
    }
}
