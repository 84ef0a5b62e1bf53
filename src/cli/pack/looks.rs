//! What the items' pictures look like, and the models that look at a shopper's own.

use super::people;
use crate::{
    models::ModelArguments,
    vision::{View, Viewer},
};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{Image, Item, NeighbourKind, Pack, PackWriter};
use nearshelf_vision::{Audience, Companions, Filed, Look, Looks, Named};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(clap::Args)]
pub struct VisionArguments {
    /// Pack what the embedded pictures look like, for "looks similar", and the models that try-on asks.
    #[arg(long)]
    vision: bool,
    /// Models of people to pack in the place of ours, JSON as docs/vision.md describes it, with their files beside it.
    #[arg(long, value_name = "FILE", requires = "vision")]
    people: Option<PathBuf>,
    /// Folder in which looks are kept, so that a picture is looked at once; default: .NAME.looks beside --out.
    #[arg(long, value_name = "DIR", requires = "vision")]
    looks: Option<PathBuf>,
}

/// What became of looking at pictures.
#[derive(Debug, Default, Serialize)]
pub struct Looked {
    /// Pictures that were looked at.
    pub looked_at: usize,
    /// Pictures whose look had been kept.
    pub kept: usize,
    /// Pictures that have no look, with the reason.
    pub refused: Vec<String>,
    /// Wall time.
    pub seconds: f64,
}

/// Adds looks and models where they are asked for.
pub fn add(
    writer: &mut PackWriter,
    pack: &Pack,
    arguments: &VisionArguments,
    models: &ModelArguments,
    out: &Path,
) -> Result<Option<Looked>> {
    if !arguments.vision {
        return Ok(None);
    }
    let Some(viewer) = Viewer::load(models)? else {
        bail!("--vision needs the model garment: name its folder with --models");
    };
    let kept = match &arguments.looks {
        Some(folder) => folder.clone(),
        None => beside(out)?,
    };
    let model = viewer.plan().to_bytes()?;
    let kept = Kept::new(kept, &model)?;
    let (looks, looked) = looks(pack, &viewer, &kept)?;
    writer.vision("looks", "bin", looks.to_bytes());
    writer.vision("garment", "plan", model);
    people::add(writer, arguments.people.as_deref(), models)?;
    Ok(Some(looked))
}

fn beside(out: &Path) -> Result<PathBuf> {
    let name = out
        .file_name()
        .with_context(|| format!("{} is no folder name", out.display()))?;
    Ok(out.with_file_name(format!(".{}.looks", name.to_string_lossy())))
}

/// Looks at every picture of the pack that no look is kept of.
fn looks(pack: &Pack, viewer: &Viewer, kept: &Kept) -> Result<(Looks, Looked)> {
    let began = Instant::now();
    let pictures: Vec<(Vec<u32>, &Image)> = pack
        .images
        .each()
        .filter(|(items, _)| !items.is_empty())
        .collect();
    let found = viewer.each("looking at pictures", &pictures, |view, (_, image)| {
        kept.look(view, &image.bytes)
    })?;
    let (mut looks, mut looked) = (Looks::default(), Looked::default());
    let mut shelves = Shelves::default();
    for (found, (items, _)) in found.into_iter().zip(&pictures) {
        match found? {
            Ok((look, was_kept)) => {
                *if was_kept {
                    &mut looked.kept
                } else {
                    &mut looked.looked_at
                } += 1;
                for item in items {
                    let filed = pack.items.get(*item).map(|item| shelves.filed(item));
                    let look = filed.map_or(look.clone(), |filed| look.clone().filed(filed));
                    looks.insert(*item, &look);
                }
            }
            Err(reason) => {
                let first = items.first().and_then(|item| pack.items.get(*item));
                let of = first.map_or("?", |item| item.image.as_str());
                looked.refused.push(format!("{of} {reason}"));
            }
        }
    }
    let bought = NeighbourKind::BoughtTogether;
    let pairs = looks.items().iter().flat_map(|item| {
        let together = pack.neighbours.of(bought, *item);
        // Each pair stands in both items' lists.
        let once = together.filter(|other| *item < other.item);
        once.map(|other| (*item, other.item, other.weight))
    });
    let companions = Companions::learned(&looks, pairs);
    looks.set_companions(companions);
    looked.seconds = began.elapsed().as_secs_f64();
    Ok((looks, looked))
}

/// Numbers of the catalogue's narrowest categories, from 1 on, as they come.
#[derive(Default)]
struct Shelves(HashMap<String, u16>);

impl Shelves {
    /// How an item is filed. Categories of the same name are one, whoever they are for; all beyond the 65,535th are none.
    fn filed(&mut self, item: &Item) -> Filed {
        let narrowest = |category: &Vec<String>| Some(category.last()?.trim().to_lowercase());
        let mut names = item
            .texts
            .iter()
            .filter_map(|text| narrowest(&text.category));
        let first = names.next().filter(|name| !name.is_empty());
        let shelf = first.clone().map_or(0, |name| {
            let next = u16::try_from(self.0.len() + 1).unwrap_or(0);
            *self.0.entry(name).or_insert(next)
        });
        let named = first
            .into_iter()
            .chain(names)
            .find_map(|name| Named::of(&name));
        let categories = || item.texts.iter().flat_map(|text| &text.category);
        let audience = categories().find_map(|name| Audience::of(name));
        Filed {
            shelf,
            named,
            audience,
        }
    }
}

/// Looks of earlier packings, a file each, by model and content of the picture.
struct Kept {
    folder: PathBuf,
    model: [u8; 32],
}

impl Kept {
    fn new(folder: PathBuf, model: &[u8]) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self {
            folder,
            model: Sha256::digest(model).into(),
        })
    }

    /// The look of a picture and whether it was kept, or why it has none; fails only where the model or the folder does.
    fn look(&self, view: &mut View, picture: &[u8]) -> Result<Result<(Look, bool), String>> {
        let path = self.path(picture);
        let kept = fs::read(&path).ok();
        // One that can't be read is made anew.
        let kept = kept.and_then(|bytes| Looks::from_bytes(&bytes).ok());
        if let Some(look) = kept.and_then(|looks| looks.get(0)) {
            return Ok(Ok((look, true)));
        }
        let decoded = match nearshelf_pictures::decode(picture) {
            Ok(decoded) => decoded,
            Err(reason) => return Ok(Err(reason.to_string())),
        };
        let seen = view.look(&decoded.picture()?)?;
        let look = Look::of(&seen.garment, &seen.palette);
        let mut alone = Looks::default();
        alone.insert(0, &look);
        // Written beside and put in its place, so that an interrupted packing leaves no half of one.
        let part = path.with_extension("part");
        fs::write(&part, alone.to_bytes())
            .and_then(|()| fs::rename(&part, &path))
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(Ok((look, false)))
    }

    fn path(&self, picture: &[u8]) -> PathBuf {
        let digest = Sha256::new()
            .chain_update(self.model)
            .chain_update(picture)
            .finalize();
        let name: String = digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.folder.join(format!("{name}.look"))
    }
}
