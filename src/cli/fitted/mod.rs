//! What `models/training/fine_tune.py` writes, read and put into a pack.

use crate::{compile::WeightArguments, tensors};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{
    Embeddings, ForYouBlend, ItemTable, Neighbour, NeighbourKind, Pack, Popularity,
};
use nearshelf_engine::Plan;
use nearshelf_onnx::compile;
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Entry of `neighbours.ids.npy` that names nobody.
const NOBODY: i64 = 0xFFFF_FFFF;
/// The only version of `tuning.json` there is.
const VERSION: u32 = 1;

/// A folder of fitted files.
#[derive(Debug)]
pub struct Fitted {
    folder: PathBuf,
    tuning: Tuning,
    as_written: serde_json::Value,
    dim: usize,
    /// `[items, dim]`
    rows: Vec<f32>,
    neighbours: Vec<Vec<Neighbour>>,
    popularity: Vec<f32>,
}

/// `tuning.json`.
#[derive(Debug, Clone, Deserialize)]
struct Tuning {
    version: u32,
    blend: BlendNumbers,
    votes: VoteNumbers,
    /// SHA-256 of the ids of the catalogue it was fitted to; folders of earlier releases don't tell.
    #[serde(default)]
    items_sha256: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct BlendNumbers {
    model: f32,
    temperature: f32,
    model_power: f32,
    neighbours: f32,
    neighbours_power: f32,
    popularity: f32,
}

impl Default for BlendNumbers {
    fn default() -> Self {
        Self {
            model: 1.0,
            temperature: 1.0,
            model_power: 1.0,
            neighbours: 0.0,
            neighbours_power: 1.0,
            popularity: 0.0,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct VoteNumbers {
    newest: u32,
    decay: f32,
    #[serde(default)]
    own: f32,
}

impl Fitted {
    /// Reads the folder.
    ///
    /// # Errors
    /// When a file is missing or damaged, or was fitted to other items, or to the same in another order.
    pub fn read(folder: &Path, items: &ItemTable) -> Result<Self> {
        let item_count = items.len();
        let path = folder.join("tuning.json");
        let text = fs::read(&path).with_context(|| {
            format!(
                "reading {}: expected a folder that models/training/fine_tune.py wrote",
                path.display()
            )
        })?;
        let read = serde_json::from_slice(&text)
            .and_then(|value: serde_json::Value| Ok((Tuning::deserialize(&value)?, value)));
        let (tuning, as_written) =
            read.with_context(|| format!("{} is no tuning", path.display()))?;
        if tuning.version != VERSION {
            bail!(
                "{} has version {}, this command reads {VERSION}: use fine_tune.py and nearshelf of one release",
                path.display(),
                tuning.version
            );
        }
        if tuning
            .items_sha256
            .as_ref()
            .is_some_and(|fitted_to| *fitted_to != items.ids_sha256())
        {
            bail!(
                "{} was fitted to other items, or to these in another order: fit to this catalogue again",
                folder.display()
            );
        }
        let (dim, rows) = matrix(&folder.join("items.npy"), item_count)?;
        let neighbours = neighbours(folder, item_count)?;
        let (_, popularity) = matrix(&folder.join("popularity.npy"), item_count)?;
        Ok(Self {
            folder: folder.to_owned(),
            tuning,
            as_written,
            dim,
            rows,
            neighbours,
            popularity,
        })
    }

    /// The blend as a pack holds it.
    pub fn blend(&self) -> ForYouBlend {
        let BlendNumbers {
            model,
            temperature,
            model_power,
            neighbours,
            neighbours_power,
            popularity,
        } = self.tuning.blend;
        ForYouBlend {
            model,
            temperature: temperature / model_power,
            neighbours,
            neighbours_power,
            popularity,
            newest: self.tuning.votes.newest,
            decay: self.tuning.votes.decay,
            own: self.tuning.votes.own,
            own_space: true,
        }
    }

    /// Puts all but the model into a pack; embeddings that are there become those of texts.
    pub fn put_into(&self, pack: &mut Pack) {
        pack.text_embeddings = pack.embeddings.take();
        pack.embeddings = Some(Embeddings::quantize_as_is(self.dim, &self.rows));
        pack.neighbours
            .replace(NeighbourKind::Fitted, &self.neighbours);
        let trends: Vec<f32> = (0..self.popularity.len() as u32)
            .map(|item| pack.popularity.trend(item))
            .collect();
        pack.popularity = Popularity::new(&self.popularity, &trends);
        pack.blend = Some(self.blend());
    }

    /// The items' rows before quantization, and their length.
    pub fn rows(&self) -> (usize, &[f32]) {
        (self.dim, &self.rows)
    }

    /// Neighbours of each item, strongest first.
    pub fn neighbours(&self) -> &[Vec<Neighbour>] {
        &self.neighbours
    }

    /// Demand of each item, in `[0, 1]`.
    pub fn popularity(&self) -> &[f32] {
        &self.popularity
    }

    /// Compiles one of its encoders: `encoder.q8.onnx`, `encoder.f32.onnx`.
    ///
    /// # Errors
    /// When it is missing, no model, or one that can't be compiled.
    pub fn encoder(&self, file: &str, weights: &WeightArguments) -> Result<Arc<Plan>> {
        let path = self.folder.join(file);
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let plan = compile(&bytes, &weights.options())
            .with_context(|| format!("compiling {}", path.display()))?;
        Ok(Arc::new(plan))
    }

    /// `tuning.json` as it is.
    pub fn as_written(&self) -> &serde_json::Value {
        &self.as_written
    }
}

/// A matrix of f32 with a row an item, or a column of them.
fn matrix(path: &Path, item_count: usize) -> Result<(usize, Vec<f32>)> {
    let array = array(path)?;
    let (rows, dim) = match *array.shape.as_slice() {
        [rows] => (rows, 1),
        [rows, dim] => (rows, dim),
        _ => bail!("{} is {array}, expected a row an item", path.display()),
    };
    if rows != item_count || dim == 0 {
        bail!(
            "{} is {array}, but there are {item_count} items: it was fitted to other data",
            path.display()
        );
    }
    let values = (0..array.len()).map(|at| array.number(at) as f32).collect();
    Ok((dim, values))
}

fn array(path: &Path) -> Result<tensors::Array> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    tensors::read_npy(&bytes).with_context(|| format!("reading {}", path.display()))
}

fn neighbours(folder: &Path, item_count: usize) -> Result<Vec<Vec<Neighbour>>> {
    let path = folder.join("neighbours.ids.npy");
    let ids = array(&path)?;
    let (kept, weights) = matrix(&folder.join("neighbours.weights.npy"), item_count)?;
    if ids.shape != [item_count, kept] {
        bail!(
            "{} is {ids}, but there are {item_count} items with {kept} weights",
            path.display()
        );
    }
    (0..item_count)
        .map(|item| {
            let mut list = Vec::new();
            for at in item * kept..(item + 1) * kept {
                let id = ids.number(at);
                if id == NOBODY as f64 {
                    continue;
                }
                if !(0.0..item_count as f64).contains(&id) {
                    bail!(
                        "{}: item {item} has the neighbour {id}, which is no item",
                        path.display()
                    );
                }
                list.push(Neighbour {
                    item: id as u32,
                    weight: weights.get(at).copied().unwrap_or(0.0),
                });
            }
            Ok(list)
        })
        .collect()
}
