//! Plain data across the border.

use crate::thrown;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// Reads what a page passed.
///
/// # Errors
/// `request-invalid`, thrown as JavaScript catches it, naming what is wrong.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|e| {
        let message = format!("the request is not understood: {e}");
        thrown("request-invalid", &message)
    })
}

/// Small answers only: lists of items of one page. What isn't there is left out.
///
/// # Errors
/// `internal`, for what has no form in JavaScript.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible().serialize_missing_as_null(false);
    value
        .serialize(&plain)
        .map_err(|e| thrown("internal", &e.to_string()))
}
