//! What is thrown, and what is handed back.

use js_sys::{Error, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// The error that a page catches.
pub fn thrown(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("NearshelfError");
    // Setting a fresh property of a fresh object can't fail; if it did, the message still tells.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// Turns an error into one of that code.
pub fn coded<E: std::fmt::Display>(code: &'static str) -> impl Fn(E) -> JsValue {
    move |error| thrown(code, &error.to_string())
}

/// An error of the try-on, which has its own codes.
pub fn refused(error: nearshelf_try_on::TryOnError) -> JsValue {
    thrown(error.code(), &error.to_string())
}

/// An error of a design, likewise.
pub fn design_refused(error: nearshelf_try_on::DesignError) -> JsValue {
    thrown(error.code(), &error.to_string())
}

/// A value as plain JavaScript data.
pub fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let json = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&json).map_err(JsValue::from)
}

/// The same with `undefined` for what is none.
pub fn plain_or_undefined(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let undefined = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&undefined).map_err(JsValue::from)
}
