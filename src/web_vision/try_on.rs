//! Trying on.

use crate::edit::Edit;
use crate::given::{CELLS, category, count, floats, mask, points, read, slot};
use crate::thrown::{plain, plain_or_undefined, refused};
use crate::worn::Fitting;
use js_sys::{Object, Reflect, Uint8ClampedArray};
use nearshelf_try_on::{
    BUILDS, Design, Garment, Item, Person, Pixels, Slot, TONES, TryOnError, hex,
};
use nearshelf_vision::Regions;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

/// One person and what they try on. Everything is in this module's memory until it is freed.
#[wasm_bindgen]
#[derive(Default)]
pub struct TryOn {
    session: nearshelf_try_on::TryOn,
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

    /// Puts a garment on where its category is worn, from its picture and the model's `mask` and `landmarks`; what can't be worn with it
    /// is taken off. Returns the slot. Throws `picture-invalid`, `vision-output-invalid`, `garment-unsuitable`, `garment-not-found`,
    /// `request-invalid`, `try-on-empty`.
    #[wasm_bindgen(js_name = setGarment)]
    pub fn set_garment(
        &mut self,
        rgba: &[u8],
        width: usize,
        height: usize,
        mask_logits: Vec<f32>,
        landmarks: &[f32],
        named: &str,
    ) -> Result<String, JsValue> {
        let category = category(named)?;
        let slot = Slot::of(category).ok_or_else(|| {
            refused(TryOnError::Unsuitable {
                category: category.name(),
            })
        })?;
        let picture = Pixels::new(width, height, rgba).map_err(refused)?;
        let mask = mask(CELLS, CELLS, mask_logits)?;
        let garment =
            Garment::new(category, picture, &mask, &points(landmarks)?).map_err(refused)?;
        self.session.put_on(slot, garment).map_err(refused)?;
        Ok(slot.name().to_owned())
    }

    /// Changes the person, what is worn or how it looks. Throws `request-invalid`.
    pub fn change(&mut self, edit: JsValue) -> Result<(), JsValue> {
        read::<Edit>(edit, "request-invalid")?.apply(&mut self.session)
    }

    /// Who wears what: extents, garments in the order in which they are painted, and what can be undone. Throws `try-on-empty`.
    pub fn fitting(&self) -> Result<JsValue, JsValue> {
        plain_or_undefined(&Fitting::of(&self.session).map_err(refused)?)
    }

    /// The picture with what is worn, opaque; or, `bare`, without: `{data, width, height}`. Throws `request-invalid`, `try-on-empty`.
    pub fn render(&mut self, width: usize, height: usize, bare: bool) -> Result<JsValue, JsValue> {
        let frame = if bare {
            self.session.render_before(width, height)
        } else {
            self.session.render(width, height)
        };
        // Pixels as bytes: this target is little-endian, and red lies in the low byte.
        let words = js_sys::Uint32Array::from(frame.map_err(refused)?.as_slice());
        pixels(width, height, Uint8ClampedArray::new(&words.buffer()))
    }

    /// A garment alone in its look, on a transparent ground: `{data, width, height}`. Throws `request-invalid`.
    #[wasm_bindgen(js_name = renderGarment)]
    pub fn render_garment(&self, worn_as: &str, width: usize) -> Result<JsValue, JsValue> {
        let garment = self
            .session
            .render_garment(slot(worn_as)?, width)
            .map_err(refused)?;
        let data = Uint8ClampedArray::from(garment.bytes());
        pixels(garment.width, garment.height, data)
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

/// A picture as pages have it.
fn pixels(width: usize, height: usize, data: Uint8ClampedArray) -> Result<JsValue, JsValue> {
    let result = Object::new();
    let (width, height) = (width as f64, height as f64);
    for (name, value) in [
        ("width", width.into()),
        ("height", height.into()),
        ("data", data.into()),
    ] {
        Reflect::set(&result, &name.into(), &value)?;
    }
    Ok(result.into())
}
