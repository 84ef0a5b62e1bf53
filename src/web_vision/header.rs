//! What files say of their pictures.

use crate::thrown::plain_or_undefined;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A header in numbers that pages have.
#[derive(Serialize)]
struct Header {
    width: f64,
    height: f64,
    pixels: f64,
    bits: f64,
    animated: bool,
    cmyk: bool,
    complete: bool,
}

/// What a file says of its picture; undefined where it is none that is read.
#[wasm_bindgen(js_name = readHeader)]
pub fn read_header(file: &[u8]) -> Result<JsValue, JsValue> {
    let header = nearshelf_vision::Header::read(file);
    plain_or_undefined(&header.map(|header| Header {
        width: header.width as f64,
        height: header.height as f64,
        pixels: header.pixels as f64,
        bits: header.bits as f64,
        animated: header.animated,
        cmyk: header.cmyk,
        complete: header.complete,
    }))
}
