//! Models from a folder of models: `NAME/model.q8.onnx`.

use crate::{compile::WeightArguments, cores};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::Embeddings;
use nearshelf_chat::units::MOST_UNITS;
use nearshelf_engine::{CpuSession, Plan};
use nearshelf_onnx::{CompileOptions, compile};
use nearshelf_recommend::{TextEncoder, item_text};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where models are looked for when nothing is said.
const DEFAULT_FOLDER: &str = "models";

/// Where the models are, and how they are compiled.
#[derive(clap::Args)]
pub struct ModelArguments {
    /// Folder of models, one a folder.
    #[arg(long, value_name = "DIR", default_value = DEFAULT_FOLDER)]
    models: PathBuf,
    #[command(flatten)]
    weights: WeightArguments,
}

impl ModelArguments {
    /// How models are compiled.
    pub fn weights(&self) -> &WeightArguments {
        &self.weights
    }

    /// The folder of a model, or of what belongs to one.
    pub fn folder_of(&self, name: &str) -> PathBuf {
        self.models.join(name)
    }

    /// Where nothing was said and the usual folder isn't there: that folder.
    pub fn missing(&self) -> Option<&Path> {
        (!self.models.is_dir()).then_some(self.models.as_path())
    }

    /// Compiles the model of that name; `None` when the folder has none.
    ///
    /// # Errors
    /// When the folder is missing and not the default one: a shop without models is a choice, a mistyped folder isn't.
    pub fn load(&self, name: &str) -> Result<Option<Arc<Plan>>> {
        self.load_with(name, &self.weights.options())
    }

    /// Compiles the encoder of the chat, for messages of any length.
    ///
    /// # Errors
    /// Those of [`Self::load`].
    pub fn load_chat_encoder(&self) -> Result<Option<Arc<Plan>>> {
        let units = format!("units=1..{MOST_UNITS}").parse();
        let options = CompileOptions {
            open: vec![units.map_err(anyhow::Error::msg)?],
            ..self.weights.options()
        };
        self.load_with("chat-encoder", &options)
    }

    fn load_with(&self, name: &str, options: &CompileOptions) -> Result<Option<Arc<Plan>>> {
        let folder = &self.models;
        if !folder.is_dir() && folder != Path::new(DEFAULT_FOLDER) {
            bail!(
                "{} is no folder: name the one that holds the models, or an empty one to go without",
                folder.display()
            );
        }
        let path = folder.join(name).join("model.q8.onnx");
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let plan =
            compile(&bytes, options).with_context(|| format!("compiling {}", path.display()))?;
        Ok(Some(Arc::new(plan)))
    }
}

/// Embeds items with the text encoder, on all cores.
pub fn embed(encoder: &Arc<Plan>, items: &[nearshelf_catalogue::Item]) -> Result<Embeddings> {
    let rows = cores::each(
        "embedding items",
        cores::count(),
        items,
        || Ok(CpuSession::new(Arc::clone(encoder))?),
        |session, item| Ok(TextEncoder::embed(session, &item_text(item))?),
    )?
    .concat();
    let dim = rows.len().checked_div(items.len()).unwrap_or(0);
    Ok(Embeddings::quantize(dim, &rows))
}
