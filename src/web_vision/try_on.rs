//! Trying on.

use crate::given::{
    CELLS, PatternGiven, category, colour, count, floats, mask, points, read, slot,
};
use crate::thrown::{plain, plain_or_undefined, refused};
use js_sys::{Array, Object, Reflect, Uint8ClampedArray};
use nearshelf_try_on::{BUILDS, Design, Garment, Item, Person, Pixels, TONES, hex, mannequin};
use nearshelf_vision::Regions;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// One person and what they try on. Everything is in this module's memory until it is freed.
#[wasm_bindgen]
#[derive(Default)]
pub struct TryOn {
    session: nearshelf_try_on::TryOn,
}

#[derive(Serialize)]
struct Handle {
    name: &'static str,
    x: f64,
    y: f64,
    estimated: bool,
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    sizes: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Mannequins {
    builds: Vec<&'static str>,
    tones: Vec<Tone>,
}

#[derive(Serialize)]
struct Tone {
    name: &'static str,
    hex: String,
}

/// What figures there are: `{builds, tones: [{name, hex}]}`.
#[wasm_bindgen]
pub fn mannequins() -> Result<JsValue, JsValue> {
    plain(&Mannequins {
        builds: BUILDS.iter().map(|build| build.name).collect(),
        tones: TONES
            .iter()
            .map(|tone| Tone {
                name: tone.name,
                hex: hex(tone.srgb),
            })
            .collect(),
    })
}

#[wasm_bindgen]
impl TryOn {
    /// With nobody and nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tries on a person of a photo. Throws `picture-invalid`, `vision-output-invalid`, `person-not-found`.
    #[wasm_bindgen(js_name = setPhoto)]
    pub fn set_photo(
        &mut self,
        rgba: &[u8],
        width: usize,
        height: usize,
        person: &JsValue,
    ) -> Result<(), JsValue> {
        let picture = Pixels::new(width, height, rgba).map_err(refused)?;
        let (rows, columns) = (count(person, "rows")?, count(person, "columns")?);
        let all = floats(person, "regions")?;
        let cells = rows.saturating_mul(columns);
        let region = |number: usize| {
            mask(
                columns,
                rows,
                all.iter()
                    .skip(number.saturating_mul(cells))
                    .take(cells)
                    .copied()
                    .collect(),
            )
        };
        let regions = Regions {
            person: region(0)?,
            hair: region(1)?,
            arms: region(2)?,
        };
        let key_points = points(&floats(person, "keyPoints")?)?;
        self.session
            .set_person(Person::in_photo(picture, &regions, &key_points).map_err(refused)?);
        Ok(())
    }

    /// Tries on a drawn figure. Throws `request-invalid`.
    #[wasm_bindgen(js_name = setMannequin)]
    pub fn set_mannequin(&mut self, build: &str, tone: &str) -> Result<(), JsValue> {
        self.session
            .set_person(mannequin(build, tone).map_err(refused)?);
        Ok(())
    }

    /// Extents of the person's picture: `{width, height}`.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> Result<JsValue, JsValue> {
        match self.session.size() {
            Some((width, height)) => extents(width, height).map(JsValue::from),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Puts a garment on, from its picture and the model's `mask` and `landmarks`. Throws `picture-invalid`,
    /// `vision-output-invalid`, `garment-unsuitable`, `garment-not-found`, `request-invalid`, `try-on-empty`.
    #[wasm_bindgen(js_name = setGarment)]
    #[allow(clippy::too_many_arguments)]
    pub fn set_garment(
        &mut self,
        worn_as: &str,
        rgba: &[u8],
        width: usize,
        height: usize,
        mask_logits: Vec<f32>,
        landmarks: &[f32],
        named: &str,
    ) -> Result<(), JsValue> {
        let (slot, category) = (slot(worn_as)?, category(named)?);
        let picture = Pixels::new(width, height, rgba).map_err(refused)?;
        let mask = mask(CELLS, CELLS, mask_logits)?;
        let garment =
            Garment::new(category, picture, &mask, &points(landmarks)?).map_err(refused)?;
        self.session.put_on(slot, garment).map_err(refused)
    }

    /// Takes off what is worn in a slot.
    #[wasm_bindgen(js_name = removeGarment)]
    pub fn remove_garment(&mut self, worn_as: &str) -> Result<(), JsValue> {
        self.session.take_off(slot(worn_as)?);
        Ok(())
    }

    /// Slots in use, in the order in which they are painted.
    #[wasm_bindgen(getter)]
    pub fn slots(&self) -> Array {
        self.session
            .slots()
            .into_iter()
            .map(|slot| JsValue::from(slot.name()))
            .collect()
    }

    /// A garment's handles. Throws `request-invalid`.
    pub fn handles(&self, worn_as: &str) -> Result<JsValue, JsValue> {
        let places = self.session.handles(slot(worn_as)?).map_err(refused)?;
        let handles = places.into_iter().map(|place| Handle {
            name: place.landmark.name(),
            x: place.x,
            y: place.y,
            estimated: place.estimated,
        });
        plain(&handles.collect::<Vec<_>>())
    }

    /// Moves a handle. Throws `request-invalid`.
    #[wasm_bindgen(js_name = moveHandle)]
    pub fn move_handle(
        &mut self,
        worn_as: &str,
        index: usize,
        x: f64,
        y: f64,
    ) -> Result<(), JsValue> {
        self.session
            .move_handle(slot(worn_as)?, index, x, y)
            .map_err(refused)
    }

    /// Puts a garment's handles where they were at first. Throws `request-invalid`.
    #[wasm_bindgen(js_name = resetHandles)]
    pub fn reset_handles(&mut self, worn_as: &str) -> Result<(), JsValue> {
        self.session.reset_handles(slot(worn_as)?).map_err(refused)
    }

    /// Keeps what is now for `undo`.
    pub fn remember(&mut self) {
        self.session.remember();
    }

    /// Goes back; false where there is nothing to go back to.
    pub fn undo(&mut self) -> bool {
        self.session.undo()
    }

    /// Takes an undo back.
    pub fn redo(&mut self) -> bool {
        self.session.redo()
    }

    /// Whether there is something to undo.
    #[wasm_bindgen(getter, js_name = canUndo)]
    pub fn can_undo(&self) -> bool {
        self.session.can_undo_redo().0
    }

    /// Whether there is something to redo.
    #[wasm_bindgen(getter, js_name = canRedo)]
    pub fn can_redo(&self) -> bool {
        self.session.can_undo_redo().1
    }

    /// Recolours a garment; undefined is as photographed. Throws `request-invalid`.
    #[wasm_bindgen(js_name = setColour)]
    pub fn set_colour(&mut self, worn_as: &str, hex: Option<String>) -> Result<(), JsValue> {
        let colour = hex.as_deref().map(colour).transpose()?;
        self.session
            .set_colour(slot(worn_as)?, colour)
            .map_err(refused)
    }

    /// The colour that was set.
    pub fn colour(&self, worn_as: &str) -> Result<Option<String>, JsValue> {
        Ok(self
            .session
            .worn(slot(worn_as)?)
            .map_err(refused)?
            .look
            .colour
            .map(hex))
    }

    /// Draws a pattern on a garment; undefined is none. Throws `request-invalid`.
    #[wasm_bindgen(js_name = setPattern)]
    pub fn set_pattern(&mut self, worn_as: &str, pattern: JsValue) -> Result<(), JsValue> {
        let given: Option<PatternGiven> = read(pattern, "request-invalid")?;
        let pattern = given.map(|given| given.pattern()).transpose()?;
        self.session
            .set_pattern(slot(worn_as)?, pattern)
            .map_err(refused)
    }

    /// The pattern that was set.
    pub fn pattern(&self, worn_as: &str) -> Result<JsValue, JsValue> {
        let look = self.session.worn(slot(worn_as)?).map_err(refused)?.look;
        plain_or_undefined(&look.pattern.as_ref().map(PatternGiven::of))
    }

    /// Tucks the top in, or lets it hang over.
    #[wasm_bindgen(js_name = setTuckedIn)]
    pub fn set_tucked_in(&mut self, tucked_in: bool) {
        self.session.set_tucked_in(tucked_in);
    }

    /// Whether the top is tucked in.
    #[wasm_bindgen(getter, js_name = tuckedIn)]
    pub fn tucked_in(&self) -> bool {
        self.session.tucked_in()
    }

    /// The picture with what is worn: RGBA, opaque. Throws `request-invalid`, `try-on-empty`.
    pub fn render(&mut self, width: usize, height: usize) -> Result<Uint8ClampedArray, JsValue> {
        self.session
            .render(width, height)
            .map(|frame| bytes(&frame))
            .map_err(refused)
    }

    /// The same without garments.
    #[wasm_bindgen(js_name = renderBefore)]
    pub fn render_before(
        &mut self,
        width: usize,
        height: usize,
    ) -> Result<Uint8ClampedArray, JsValue> {
        self.session
            .render_before(width, height)
            .map(|frame| bytes(&frame))
            .map_err(refused)
    }

    /// A garment alone in its look, on a transparent ground: `{rgba, width, height}`. Throws `request-invalid`.
    #[wasm_bindgen(js_name = renderGarment)]
    pub fn render_garment(&self, worn_as: &str, width: usize) -> Result<JsValue, JsValue> {
        let pixels = self
            .session
            .render_garment(slot(worn_as)?, width)
            .map_err(refused)?;
        let result = extents(pixels.width, pixels.height)?;
        Reflect::set(
            &result,
            &"rgba".into(),
            &Uint8ClampedArray::from(pixels.bytes()),
        )?;
        Ok(result.into())
    }

    /// The design of a garment as it looks now; `item` is `{id, title?, sizes?}`. Throws `request-invalid`.
    pub fn design(&self, worn_as: &str, item: JsValue) -> Result<JsValue, JsValue> {
        let worn = self.session.worn(slot(worn_as)?).map_err(refused)?;
        let Asked { id, title, sizes } = read(item, "request-invalid")?;
        let design = Design::new(
            worn.garment.category,
            worn.garment.main,
            &worn.look,
            Item { id, title },
            sizes.unwrap_or_default(),
        );
        plain(&design.checked().map_err(crate::thrown::design_refused)?)
    }
}

fn extents(width: usize, height: usize) -> Result<Object, JsValue> {
    let result = Object::new();
    for (name, value) in [("width", width), ("height", height)] {
        Reflect::set(&result, &name.into(), &(value as f64).into())?;
    }
    Ok(result)
}

/// Pixels as bytes: this target is little-endian, and red lies in the low byte.
fn bytes(frame: &[u32]) -> Uint8ClampedArray {
    let words = js_sys::Uint32Array::from(frame);
    Uint8ClampedArray::new(&words.buffer())
}
