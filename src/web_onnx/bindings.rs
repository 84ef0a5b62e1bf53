//! Extents of open dimensions as a page states them.

use js_sys::{Array, Object, Reflect};
use nearshelf_engine::Symbol;
use nearshelf_onnx::CompileOptions;
use nearshelf_web_session::thrown;
use wasm_bindgen::JsValue;

/// Reads `{symbol: extent}` and `{symbol: {min, max, step}}`, of which the latter stay open. Throws `request-invalid`
/// for an extent that is no whole number from 1 on.
pub(crate) fn options(bind: &Object) -> Result<CompileOptions, JsValue> {
    let entries = Object::entries(bind);
    let mut options = CompileOptions::default();
    for entry in entries.iter() {
        let pair = Array::from(&entry);
        let symbol = pair.get(0).as_string().unwrap_or_default();
        let stated = pair.get(1);
        if stated.is_object() {
            options.open.push(range(symbol, &stated)?);
        } else {
            let extent = whole(&symbol, &stated)?;
            options.bind.push((symbol, extent as usize));
        }
    }
    Ok(options)
}

fn range(symbol: String, stated: &JsValue) -> Result<Symbol, JsValue> {
    let field = |name: &str| {
        let value = Reflect::get(stated, &JsValue::from_str(name))?;
        let is_step = name == "step" && value.is_undefined();
        if is_step {
            Ok(1)
        } else {
            whole(&symbol, &value)
        }
    };
    let (min, max, step) = (field("min")?, field("max")?, field("step")?);
    Ok(Symbol {
        name: symbol,
        min,
        max,
        step,
    })
}

fn whole(symbol: &str, value: &JsValue) -> Result<u32, JsValue> {
    let is_extent =
        |extent: &f64| extent.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(extent);
    let extent = value.as_f64().filter(is_extent).map(|extent| extent as u32);
    extent.ok_or_else(|| {
        let message = format!(
            "bind {symbol:?} to a whole number from 1 on, or to {{min, max, step}} of such"
        );
        thrown("request-invalid", &message)
    })
}
