//! Extents of open dimensions as a page states them.

use js_sys::{Array, Object};
use nearshelf_onnx::CompileOptions;
use nearshelf_web_session::thrown;
use wasm_bindgen::JsValue;

/// Reads `{symbol: extent}`. Throws `request-invalid` for an extent that is no whole number from 1 on.
pub(crate) fn options(bind: &Object) -> Result<CompileOptions, JsValue> {
    let entries = Object::entries(bind);
    let mut options = CompileOptions::default();
    for entry in entries.iter() {
        let pair = Array::from(&entry);
        let symbol = pair.get(0).as_string().unwrap_or_default();
        let extent = pair.get(1).as_f64().filter(|&extent| {
            extent.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&extent)
        });
        let extent = extent.ok_or_else(|| {
            let message = format!("bind {symbol:?} to a whole number from 1 on");
            thrown("request-invalid", &message)
        })?;
        options.bind.push((symbol, extent as usize));
    }
    Ok(options)
}
