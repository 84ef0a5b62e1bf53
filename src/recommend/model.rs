//! The two models: text to embedding, and history to query.
//!
//! A session is checked each time before it runs, by names, element types and extents: a model
//! that a shop exchanged for another is refused with words, not run into.

use nearshelf_catalogue::Pack;
use nearshelf_engine::{DType, Port, RunError, Session, Tensor, Values};

use crate::request::HistoryEvent;
use crate::text::subword_ids;

/// A model can't be used or failed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// An input or output that the model must have isn't there.
    #[error("the {model} model has no {direction} named `{port}` (it has {found}): export it anew")]
    MissingPort {
        /// Which model.
        model: &'static str,
        /// `input` or `output`.
        direction: &'static str,
        /// The name looked for.
        port: &'static str,
        /// The names there are.
        found: String,
    },
    /// An input or output has another element type or other extents.
    #[error("`{port}` of the {model} model is {found}, expected {expected}: export it anew")]
    WrongPort {
        /// Which model.
        model: &'static str,
        /// Name of the input or output.
        port: &'static str,
        /// Type and extents that are needed.
        expected: &'static str,
        /// Type and extents that the model has.
        found: String,
    },
    /// Model and pack don't belong together.
    #[error(
        "the {model} model works with embeddings of {model_dim} values, the pack has {pack_dim}: \
         pack the catalogue again with this model's text encoder"
    )]
    OtherEmbeddings {
        /// Which model.
        model: &'static str,
        /// Length of an embedding in the model.
        model_dim: usize,
        /// Length of an embedding in the pack.
        pack_dim: usize,
    },
    /// The model answered with NaN or infinity, or with another number of values than it says.
    #[error("the {model} model gave an unusable `{port}`: its weights may be damaged")]
    BadOutput {
        /// Which model.
        model: &'static str,
        /// Name of the output.
        port: &'static str,
    },
    /// The backend failed.
    #[error("the {model} model can't run: {source}")]
    Run {
        /// Which model.
        model: &'static str,
        /// What the backend says.
        source: RunError,
    },
}

/// The `item-text` model: any text to a point in the space of items.
#[derive(Debug, Clone, Copy)]
pub struct TextEncoder;

impl TextEncoder {
    const NAME: &'static str = "item-text";

    /// Embeds a text: `[dim]`, f32, L2-normalised; zeros for a text without words. For an item the
    /// text is [`crate::item_text`].
    ///
    /// - `session`: input `token_ids` i32 `[1, tokens]`, output `embedding` f32 `[1, dim]`
    ///
    /// # Errors
    /// [`ModelError`] when the session is of another model, or fails.
    pub fn embed(session: &mut dyn Session, text: &str) -> Result<Vec<f32>, ModelError> {
        let shape = input(
            Self::NAME,
            session,
            "token_ids",
            DType::I32,
            "i32 [1, tokens]",
        )?;
        let &[1, tokens] = shape.as_slice() else {
            return Err(wrong_input(
                Self::NAME,
                session,
                "token_ids",
                "i32 [1, tokens]",
            ));
        };
        let output = output(Self::NAME, session, "embedding", "f32 [1, dim]")?;
        // Ids are below 32,768.
        let mut ids: Vec<i32> = subword_ids(text).into_iter().map(|id| id as i32).collect();
        ids.resize(tokens, 0);
        let ids = tensor(Self::NAME, vec![1, tokens], Values::I32(ids))?;
        run(
            Self::NAME,
            session,
            &[("token_ids", &ids)],
            output,
            "embedding",
        )
    }
}

/// A longer pause between two events begins another visit, as [`crate::mine::MineOptions`] has it.
const VISIT_PAUSE_MILLIS: i64 = 30 * 60_000;

/// The `for-you` model: a history to the point in the space of items where the next one is sought.
#[derive(Debug, Clone, Copy)]
pub struct ForYou;

impl ForYou {
    const NAME: &'static str = "for-you";

    /// The query for [`crate::recommend`]: `[dim]`, f32; `None` when nothing of the history has an
    /// embedding.
    ///
    /// - `session`: inputs `items` f32 `[1, events, dim]` and `actions` i32 `[1, events]`, output
    ///   `query` f32 `[1, dim]`; a model may also have the input `visits` i32 `[1, events]`: how many
    ///   visits ago each event was, 0 for the newest visit
    /// - `history`: oldest first; the newest `events` of known items are used, newest last
    ///
    /// # Errors
    /// [`ModelError`] when the session is of another model, its `dim` isn't the pack's, or it fails.
    pub fn query(
        session: &mut dyn Session,
        pack: &Pack,
        history: &[HistoryEvent],
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let Some(embeddings) = &pack.embeddings else {
            Self::check(session)?;
            return Ok(None);
        };
        let dim = embeddings.dim;
        Self::query_over(session, dim, history, |item| {
            let place = embeddings.place(item);
            let start = place.checked_mul(dim)?;
            let row = embeddings.values.get(start..start.checked_add(dim)?)?;
            let scale = *embeddings.scales.get(place)?;
            let usable = scale.is_finite() && scale != 0.0 && row.iter().any(|&v| v != 0);
            usable.then(|| row.iter().map(move |&value| scale * f32::from(value)))
        })
    }

    /// [`Self::query`] over rows of any kind.
    ///
    /// - `row`: the `row_dim` values of an item; `None` for one without embedding
    ///
    /// # Errors
    /// As for [`Self::query`].
    pub fn query_over<R: Iterator<Item = f32>>(
        session: &mut dyn Session,
        row_dim: usize,
        history: &[HistoryEvent],
        row: impl Fn(u32) -> Option<R>,
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let Ports {
            events,
            dim,
            visits: asks_visits,
            output,
        } = Self::check(session)?;
        if row_dim != dim {
            return Err(ModelError::OtherEmbeddings {
                model: Self::NAME,
                model_dim: dim,
                pack_dim: row_dim,
            });
        }
        let mut items = vec![0.0_f32; events * dim];
        let (mut actions, mut visits) = (vec![0_i32; events], vec![0_i32; events]);
        let known = history.iter().rev();
        let known = known.filter_map(|event| Some((event, row(event.item)?)));
        let slots = items
            .rchunks_exact_mut(dim.max(1))
            .zip(actions.iter_mut().rev())
            .zip(visits.iter_mut().rev());
        let mut later: Option<i64> = None;
        let mut ago = 0;
        let mut used = 0;
        for (((slot, action), visit), (event, row)) in slots.zip(known) {
            *action = i32::from(event.kind.code());
            let pause = later.map_or(0, |time| time.saturating_sub(event.time_millis));
            ago += i32::from(pause > VISIT_PAUSE_MILLIS);
            *visit = ago;
            later = Some(event.time_millis);
            slot.iter_mut()
                .zip(row)
                .for_each(|(slot, value)| *slot = value);
            used += 1;
        }
        if used == 0 {
            return Ok(None);
        }
        let items = tensor(Self::NAME, vec![1, events, dim], Values::F32(items))?;
        let actions = tensor(Self::NAME, vec![1, events], Values::I32(actions))?;
        let visits = tensor(Self::NAME, vec![1, events], Values::I32(visits))?;
        let mut inputs = vec![("items", &items), ("actions", &actions)];
        if asks_visits {
            inputs.push(("visits", &visits));
        }
        run(Self::NAME, session, &inputs, output, "query").map(Some)
    }

    fn check(session: &dyn Session) -> Result<Ports, ModelError> {
        const ITEMS: &str = "f32 [1, events, dim]";
        const ACTIONS: &str = "i32 [1, events], as many as `items`";
        let shape = input(Self::NAME, session, "items", DType::F32, ITEMS)?;
        let &[1, events, dim] = shape.as_slice() else {
            return Err(wrong_input(Self::NAME, session, "items", ITEMS));
        };
        let shape = input(Self::NAME, session, "actions", DType::I32, ACTIONS)?;
        if shape != [1, events] {
            return Err(wrong_input(Self::NAME, session, "actions", ACTIONS));
        }
        let visits = session.inputs().iter().any(|port| port.name == "visits");
        if visits && input(Self::NAME, session, "visits", DType::I32, ACTIONS)? != [1, events] {
            return Err(wrong_input(Self::NAME, session, "visits", ACTIONS));
        }
        let output = output(Self::NAME, session, "query", "f32 [1, dim]")?;
        Ok(Ports {
            events,
            dim,
            visits,
            output,
        })
    }
}

/// What a for-you model reads and answers.
struct Ports {
    /// Events that it reads.
    events: usize,
    /// Values of an embedding.
    dim: usize,
    /// Whether it asks how many visits ago each event was.
    visits: bool,
    /// Place and length of the query.
    output: (usize, usize),
}

fn find<'p>(
    model: &'static str,
    ports: &'p [Port],
    direction: &'static str,
    name: &'static str,
) -> Result<(usize, &'p Port), ModelError> {
    let found = ports.iter().enumerate().find(|(_, port)| port.name == name);
    found.ok_or_else(|| ModelError::MissingPort {
        model,
        direction,
        port: name,
        found: match ports {
            [] => "none".to_owned(),
            ports => {
                let names: Vec<String> = ports.iter().map(|p| format!("`{}`", p.name)).collect();
                names.join(", ")
            }
        },
    })
}

/// Extents of an input of that type.
fn input(
    model: &'static str,
    session: &dyn Session,
    name: &'static str,
    dtype: DType,
    expected: &'static str,
) -> Result<Vec<usize>, ModelError> {
    let (_, port) = find(model, session.inputs(), "input", name)?;
    if port.ty.dtype == dtype {
        Ok(port.ty.shape.clone())
    } else {
        Err(wrong_input(model, session, name, expected))
    }
}

/// Place and length of an f32 output of extents `[1, length]`.
fn output(
    model: &'static str,
    session: &dyn Session,
    name: &'static str,
    expected: &'static str,
) -> Result<(usize, usize), ModelError> {
    let (at, port) = find(model, session.outputs(), "output", name)?;
    match port.ty.shape.as_slice() {
        &[1, length] if port.ty.dtype == DType::F32 => Ok((at, length)),
        _ => Err(ModelError::WrongPort {
            model,
            port: name,
            expected,
            found: describe(port),
        }),
    }
}

fn wrong_input(
    model: &'static str,
    session: &dyn Session,
    name: &'static str,
    expected: &'static str,
) -> ModelError {
    match find(model, session.inputs(), "input", name) {
        Ok((_, port)) => ModelError::WrongPort {
            model,
            port: name,
            expected,
            found: describe(port),
        },
        Err(missing) => missing,
    }
}

fn describe(port: &Port) -> String {
    let name = match port.ty.dtype {
        DType::F32 => "f32",
        DType::I32 => "i32",
        DType::I8 => "i8",
        DType::U8 => "u8",
    };
    format!("{name} {:?}", port.ty.shape)
}

fn tensor(model: &'static str, shape: Vec<usize>, values: Values) -> Result<Tensor, ModelError> {
    Tensor::new(shape, values).map_err(|source| ModelError::Run { model, source })
}

/// Runs the session and takes one output's values, which must be finite and as many as promised.
fn run(
    model: &'static str,
    session: &mut dyn Session,
    inputs: &[(&str, &Tensor)],
    (at, length): (usize, usize),
    port: &'static str,
) -> Result<Vec<f32>, ModelError> {
    let outputs = session
        .run(inputs)
        .map_err(|source| ModelError::Run { model, source })?;
    let values = outputs.get(at).and_then(Tensor::as_f32);
    let usable = values
        .filter(|values| values.len() == length && values.iter().all(|value| value.is_finite()));
    match usable {
        Some(values) => Ok(values.to_vec()),
        None => Err(ModelError::BadOutput { model, port }),
    }
}

#[cfg(test)]
mod tests;
