//! Size advice.

use crate::given::read;
use crate::thrown::{coded, plain, plain_or_undefined};
use nearshelf_try_on::size::{Advice, Chart, Measurements, Preference};
use wasm_bindgen::prelude::*;

const CHART: &str = "size-chart-invalid";

/// A size chart from CSV text or plain data, checked. Throws `size-chart-invalid`.
#[wasm_bindgen(js_name = readSizeChart)]
pub fn read_size_chart(chart: JsValue) -> Result<JsValue, JsValue> {
    plain(&given(chart)?)
}

fn given(chart: JsValue) -> Result<Chart, JsValue> {
    match chart.as_string() {
        Some(text) => Chart::from_csv(&text),
        None => read::<Chart>(chart, CHART)?.checked(),
    }
    .map_err(coded(CHART))
}

/// Which size fits, and how. Throws `size-chart-invalid`, `measurements-invalid`.
#[wasm_bindgen(js_name = adviseSize)]
pub fn advise_size(
    chart: JsValue,
    measurements: JsValue,
    preference: Option<String>,
) -> Result<JsValue, JsValue> {
    let chart = given(chart)?;
    let shopper: Measurements = read(measurements, "measurements-invalid")?;
    let preference: Preference = match preference {
        Some(name) => read(name.into(), "request-invalid")?,
        None => Preference::default(),
    };
    plain_or_undefined(
        &Advice::new(&chart, &shopper, preference).map_err(coded("measurements-invalid"))?,
    )
}
