//! The encoder's embeddings of texts, on all cores.

use crate::{cores, models::ModelArguments};
use anyhow::{Context, Result, bail};
use nearshelf_chat::{
    normalise::clean,
    units::{MOST_SUBWORDS, unit_ids, units},
};
use nearshelf_engine::{CpuSession, Plan, Session, Tensor, Values};
use std::{sync::Arc, time::Instant};

/// A compiled encoder; none where the models' folder has none, or it isn't wanted.
pub struct Encoder(Option<Arc<Plan>>);

impl Encoder {
    pub fn load(models: &ModelArguments, words_only: bool) -> Result<Self> {
        Ok(Self(if words_only {
            None
        } else {
            models.load_chat_encoder()?
        }))
    }

    /// What the head reads, in words.
    pub fn describe(&self) -> &'static str {
        match self.0 {
            Some(_) => "encoder and n-grams",
            None => "n-grams alone",
        }
    }

    /// `[texts, dim]`; nothing without an encoder. A text without units has an embedding of zeros.
    pub fn embed<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<Vec<f32>>> {
        let Some(plan) = &self.0 else {
            return Ok(Vec::new());
        };
        let texts: Vec<&str> = texts.into_iter().collect();
        let session = || Ok(CpuSession::new(Arc::clone(plan))?);
        let mut rows = cores::each(
            "embedding texts",
            cores::count(),
            &texts,
            session,
            |session, text| embed(session, text),
        )?;
        let dim = rows.iter().map(Vec::len).max().unwrap_or(0);
        for row in &mut rows {
            row.resize(dim, 0.0);
        }
        Ok(rows)
    }

    /// Milliseconds that the encoder takes for each of some texts, one after the other.
    pub fn time(&self, texts: &[&str]) -> Result<Vec<f64>> {
        let Some(plan) = &self.0 else {
            return Ok(vec![0.0; texts.len()]);
        };
        let mut session = CpuSession::new(Arc::clone(plan))?;
        texts
            .iter()
            .map(|text| {
                let began = Instant::now();
                embed(&mut session, text)?;
                Ok(began.elapsed().as_secs_f64() * 1000.0)
            })
            .collect()
    }
}

/// Input `ids` i32 `[1, units, 20]`, output `embedding` f32 `[1, dim]`.
fn embed(session: &mut CpuSession, text: &str) -> Result<Vec<f32>> {
    let units = units(&clean(text));
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let ids = Tensor::new(
        vec![1, units.len(), MOST_SUBWORDS],
        Values::I32(unit_ids(&units)),
    )?;
    let place = session
        .outputs()
        .iter()
        .position(|port| port.name == "embedding");
    let place =
        place.context("the chat-encoder model has no output named `embedding`: export it anew")?;
    let outputs = session.run(&[("ids", &ids)])?;
    let embedding = outputs
        .get(place)
        .context("the chat-encoder model gave no embedding")?;
    match embedding.values() {
        Values::F32(values) if values.iter().all(|value| value.is_finite()) => Ok(values.clone()),
        _ => {
            bail!("the chat-encoder model gave an unusable `embedding`: its weights may be damaged")
        }
    }
}
