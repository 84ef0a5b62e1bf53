//! Errors as JavaScript sees them: an `Error` named `NearshelfError` with a stable `code`.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// Builds the error that a page catches. `code` is stable over versions, `message` is for people.
pub fn thrown(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("NearshelfError");
    // Setting a fresh property of a fresh object can't fail; if it did, the message still tells.
    let _ = Reflect::set(&error, &JsValue::from_str("code"), &JsValue::from_str(code));
    error.into()
}
