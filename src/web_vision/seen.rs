//! Pictures to tensors, outputs to what they mean.

use crate::given::{CELLS, flat, floats, read};
use crate::thrown::{coded, plain};
use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use nearshelf_try_on::{MOST_PIXELS, TryOnError};
use nearshelf_vision::people::{Pose, Segmentation};
use nearshelf_vision::{
    Attribute, Garment, GarmentOutputs, Look, Looks, Mask, Person, PersonOutputs, Picture, Regions,
    SIDE, Swatch, palette,
};
use serde::Serialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// What our models read of a picture: f32 `[1, 3, 160, 160]`. Throws `picture-invalid`.
#[wasm_bindgen(js_name = pictureTensor)]
pub fn picture_tensor(rgba: &[u8], width: usize, height: usize) -> Result<Float32Array, JsValue> {
    let tensor = picture(rgba, width, height)?.squash(SIDE, SIDE).tensor();
    Ok(Float32Array::from(tensor.as_slice()))
}

fn picture(rgba: &[u8], width: usize, height: usize) -> Result<Picture<'_>, JsValue> {
    // What the try-on would refuse is refused at once.
    if width.saturating_mul(height) > MOST_PIXELS {
        let bytes = rgba.len();
        return Err(crate::thrown::refused(TryOnError::Picture {
            width,
            height,
            bytes,
            most: MOST_PIXELS,
        }));
    }
    Picture::new(width, height, rgba).map_err(coded("picture-invalid"))
}

/// What is seen on a garment's picture. Throws `picture-invalid`, `vision-output-invalid`.
#[wasm_bindgen(js_name = readGarment)]
pub fn read_garment(
    rgba: &[u8],
    width: usize,
    height: usize,
    outputs: &JsValue,
) -> Result<JsValue, JsValue> {
    let values = ["category", "attributes", "embedding", "mask", "landmarks"]
        .map(|name| floats(outputs, name));
    let [category, attributes, embedding, mask, landmarks] = values;
    let outputs = GarmentOutputs {
        category: &category?,
        attributes: &attributes?,
        embedding: &embedding?,
        mask: &mask?,
        landmarks: &landmarks?,
    };
    let garment = Garment::read(&outputs).map_err(coded("vision-output-invalid"))?;
    let swatches = palette(
        &picture(rgba, width, height)?.squash(SIDE, SIDE),
        &garment.mask,
    );
    let seen = plain(&Seen::of(&garment, &swatches))?;
    let row = row_of(&Look::of(&garment, &swatches));
    Reflect::set(&seen, &"row".into(), &Uint8Array::from(row.as_slice()))?;
    Ok(seen)
}

/// A look as a page keeps it: the looks file of one item.
fn row_of(look: &Look) -> Vec<u8> {
    let mut one = Looks::default();
    one.insert(0, look);
    one.to_bytes()
}

#[derive(Serialize)]
struct Seen<'a> {
    categories: Vec<Likely>,
    attributes: BTreeMap<&'static str, Valued>,
    palette: &'a [Swatch],
}

#[derive(Serialize)]
struct Likely {
    name: &'static str,
    probability: f32,
}

#[derive(Serialize)]
struct Valued {
    value: &'static str,
    probability: f32,
}

impl<'a> Seen<'a> {
    fn of(garment: &Garment, palette: &'a [Swatch]) -> Self {
        let mut categories: Vec<_> = nearshelf_vision::Category::ALL
            .into_iter()
            .zip(garment.probabilities)
            .map(|(category, probability)| Likely {
                name: category.name(),
                probability,
            })
            .collect();
        categories.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let valued = |attribute: &Attribute| {
            (
                attribute.group,
                Valued {
                    value: attribute.name,
                    probability: attribute.probability,
                },
            )
        };
        Self {
            categories,
            attributes: garment.attributes.iter().map(valued).collect(),
            palette,
        }
    }
}

/// A person from our model's outputs, as `TryOn.setPhoto` takes one. Throws `vision-output-invalid`.
#[wasm_bindgen(js_name = readPerson)]
pub fn read_person(outputs: &JsValue) -> Result<JsValue, JsValue> {
    let (regions, key_points) = (floats(outputs, "regions")?, floats(outputs, "key_points")?);
    let person = Person::read(&PersonOutputs {
        regions: &regions,
        key_points: &key_points,
    })
    .map_err(coded("vision-output-invalid"))?;
    let result = grid(&regions, CELLS, CELLS)?;
    set(
        &result,
        "keyPoints",
        Float32Array::from(flat(&person.key_points).as_slice()),
    )?;
    Ok(result.into())
}

/// What a third party's segmentation reads. Throws `picture-invalid`, `people-invalid`.
#[wasm_bindgen(js_name = segmentationTensor)]
pub fn segmentation_tensor(
    rgba: &[u8],
    width: usize,
    height: usize,
    settings: JsValue,
    input_shape: Vec<usize>,
) -> Result<Float32Array, JsValue> {
    let settings: Segmentation = read(settings, PEOPLE)?;
    let tensor = settings
        .tensor(&picture(rgba, width, height)?, &input_shape)
        .map_err(coded(PEOPLE))?;
    Ok(Float32Array::from(tensor.as_slice()))
}

/// The regions that it gave: `{regions, rows, columns}`. Throws `people-invalid`.
#[wasm_bindgen(js_name = readSegmentation)]
pub fn read_segmentation(
    output: &[f32],
    shape: Vec<usize>,
    settings: JsValue,
) -> Result<JsValue, JsValue> {
    let settings: Segmentation = read(settings, PEOPLE)?;
    let Regions { person, hair, arms } = settings.read(output, &shape).map_err(coded(PEOPLE))?;
    let all: Vec<f32> = [&person, &hair, &arms]
        .into_iter()
        .flat_map(Mask::logits)
        .copied()
        .collect();
    Ok(grid(&all, person.height(), person.width())?.into())
}

/// What a third party's pose model reads. Throws `picture-invalid`, `people-invalid`.
#[wasm_bindgen(js_name = poseTensor)]
pub fn pose_tensor(
    rgba: &[u8],
    width: usize,
    height: usize,
    settings: JsValue,
    input_shape: Vec<usize>,
) -> Result<Float32Array, JsValue> {
    let settings: Pose = read(settings, PEOPLE)?;
    let tensor = settings
        .tensor(&picture(rgba, width, height)?, &input_shape)
        .map_err(coded(PEOPLE))?;
    Ok(Float32Array::from(tensor.as_slice()))
}

/// The key points that it gave. Throws `people-invalid`.
#[wasm_bindgen(js_name = readPose)]
pub fn read_pose(
    output: &[f32],
    shape: Vec<usize>,
    settings: JsValue,
    input_shape: Vec<usize>,
) -> Result<Float32Array, JsValue> {
    let settings: Pose = read(settings, PEOPLE)?;
    let points = settings
        .read(output, &shape, &input_shape)
        .map_err(coded(PEOPLE))?;
    Ok(Float32Array::from(flat(&points).as_slice()))
}

/// Code of what is wrong with a shop's own models of people.
const PEOPLE: &str = "people-invalid";

/// Regions as a person has them.
fn grid(regions: &[f32], rows: usize, columns: usize) -> Result<Object, JsValue> {
    let result = Object::new();
    set(&result, "regions", Float32Array::from(regions))?;
    set(&result, "rows", rows as u32)?;
    set(&result, "columns", columns as u32)?;
    Ok(result)
}

fn set(object: &Object, name: &str, value: impl Into<JsValue>) -> Result<(), JsValue> {
    Reflect::set(object, &name.into(), &value.into()).map(|_| ())
}
