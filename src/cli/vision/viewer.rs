//! The garment model over many pictures, on all cores.

use crate::{cores, models::ModelArguments};
use anyhow::{Context, Result};
use nearshelf_engine::{CpuSession, Plan, Port, Session, Tensor, Values};
use nearshelf_vision::{Garment, GarmentOutputs, Picture, SIDE, Squashed, Swatch, palette};
use std::sync::Arc;

/// A compiled garment model.
pub struct Viewer {
    plan: Arc<Plan>,
}

/// What the model says of a picture, and what it read.
pub struct Seen {
    pub garment: Garment,
    pub palette: Vec<Swatch>,
    pub squashed: Squashed,
}

/// A session of the model: one a thread.
pub struct View {
    session: CpuSession,
}

impl Viewer {
    /// The model of the folder of models; `None` where it has none.
    pub fn load(models: &ModelArguments) -> Result<Option<Self>> {
        let plan = models.load("garment")?;
        Ok(plan.map(|plan| Self { plan }))
    }

    /// The compiled model.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Looks at things on all cores, each when a core is free; what comes of them is in their order.
    pub fn each<T: Sync, R: Send>(
        &self,
        message: &str,
        things: &[T],
        look: impl Fn(&mut View, &T) -> R + Sync,
    ) -> Result<Vec<R>> {
        let view = || {
            let session = CpuSession::new(Arc::clone(&self.plan))?;
            Ok(View { session })
        };
        cores::each(message, cores::count(), things, view, |view, thing| {
            Ok(look(view, thing))
        })
    }
}

impl View {
    /// Looks at one picture.
    pub fn look(&mut self, picture: &Picture) -> Result<Seen> {
        let squashed = picture.squash(SIDE, SIDE);
        let image = Tensor::new(vec![1, 3, SIDE, SIDE], Values::F32(squashed.tensor()))?;
        let outputs = self.session.run(&[("image", &image)])?;
        let named = |name| f32_output(self.session.outputs(), &outputs, name);
        let garment = Garment::read(&GarmentOutputs {
            category: named("category")?,
            attributes: named("attributes")?,
            embedding: named("embedding")?,
            mask: named("mask")?,
            landmarks: named("landmarks")?,
        })?;
        let palette = palette(&squashed, &garment.mask);
        Ok(Seen {
            garment,
            palette,
            squashed,
        })
    }
}

fn f32_output<'o>(ports: &[Port], outputs: &'o [Tensor], name: &str) -> Result<&'o [f32]> {
    let found = ports
        .iter()
        .zip(outputs)
        .find(|(port, _)| port.name == name);
    found
        .and_then(|(_, tensor)| tensor.as_f32())
        .with_context(|| format!("the garment model has no f32 output named {name}"))
}
