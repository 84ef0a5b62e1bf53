//! Changes as pages write them.

use crate::given::{PatternGiven, colour, slot};
use crate::thrown::{refused, thrown};
use nearshelf_try_on::{Slot, TryOn, mannequin};
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// One change: what is done, and of all else what that needs.
#[derive(Deserialize)]
pub struct Edit {
    #[serde(rename = "do")]
    what: String,
    slot: Option<String>,
    handle: Option<usize>,
    x: Option<f64>,
    y: Option<f64>,
    build: Option<String>,
    tone: Option<String>,
    hex: Option<String>,
    pattern: Option<PatternGiven>,
    on: Option<bool>,
}

impl Edit {
    /// Does it. Throws `request-invalid`.
    pub fn apply(self, session: &mut TryOn) -> Result<(), JsValue> {
        match self.what.as_str() {
            "remember" => session.remember(),
            // Where there is nothing to go back to, all stays.
            "undo" => drop(session.undo()),
            "redo" => drop(session.redo()),
            "mannequin" => {
                let (build, tone) = (given(self.build, "build")?, given(self.tone, "tone")?);
                session.set_person(mannequin(&build, &tone).map_err(refused)?);
            }
            "move" => {
                let handle = given(self.handle, "handle")?;
                let (x, y) = (given(self.x, "x")?, given(self.y, "y")?);
                let slot = named(self.slot)?;
                session.move_handle(slot, handle, x, y).map_err(refused)?;
            }
            "reset" => session.reset_handles(named(self.slot)?).map_err(refused)?,
            "remove" => session.take_off(named(self.slot)?),
            "colour" => {
                let colour = self.hex.as_deref().map(colour).transpose()?;
                session
                    .set_colour(named(self.slot)?, colour)
                    .map_err(refused)?;
            }
            "pattern" => {
                let pattern = self.pattern.map(|given| given.pattern()).transpose()?;
                session
                    .set_pattern(named(self.slot)?, pattern)
                    .map_err(refused)?;
            }
            "tuck" => session.set_tucked_in(given(self.on, "on")?),
            other => {
                return Err(thrown(
                    "request-invalid",
                    &format!("there is no change {other:?}"),
                ));
            }
        }
        Ok(())
    }
}

fn named(given_slot: Option<String>) -> Result<Slot, JsValue> {
    slot(&given(given_slot, "slot")?)
}

fn given<T>(value: Option<T>, name: &str) -> Result<T, JsValue> {
    value.ok_or_else(|| thrown("request-invalid", &format!("this change needs {name}")))
}
