//! What the targets share: how to bring a changed file past its checksums, and how to run a plan that was read.
//!
//! A target's panic, an allocation beyond libFuzzer's limit and a run beyond its timeout are findings.

use nearshelf_catalogue::{ChunkKind, Manifest, Pack, PackReader, ShardIndex};
use nearshelf_engine::{CpuSession, DType, Plan, Session, Tensor, TensorType, Values};
use nearshelf_recommend::shards::ShardCache;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most multiply-adds and most bytes moved by a plan that is run: beyond it a run is slow, and no finding.
const MAX_WORK: u64 = 1 << 23;

/// Memory that rows of shards may take: so little that some have to go.
const SHARD_MEMORY: usize = 4096;

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a plan, if it is small, on zeros and on extreme values; one with open dimensions at its largest extents and at
/// the smallest.
pub fn run(plan: Plan) {
    let smallest = plan.symbols().iter();
    let smallest: Vec<(&str, usize)> = smallest
        .map(|symbol| (&*symbol.name, symbol.min as usize))
        .collect();
    if !smallest.is_empty()
        && let Ok(bound) = plan.bind(&smallest)
    {
        run_bound(bound);
    }
    run_bound(plan);
}

fn run_bound(plan: Plan) {
    let inputs = plan.inputs().iter().map(|port| &port.ty);
    let bytes = inputs
        .chain(plan.outputs().iter().map(|port| &port.ty))
        .map(|ty| ty.size_bytes().unwrap_or(usize::MAX) as u64);
    let moved = plan.nodes().map(|node| {
        let weights = node.weight_bytes.saturating_add(node.activation_bytes);
        weights.saturating_add(node.multiply_adds)
    });
    let work = bytes.chain(moved).fold(0, u64::saturating_add);
    if work > MAX_WORK {
        return;
    }
    let plan = Arc::new(plan);
    let Ok(mut session) = CpuSession::new(Arc::clone(&plan)) else {
        return;
    };
    for are_extreme in [false, true] {
        let given = plan.inputs().iter();
        let given: Option<Vec<Tensor>> = given.map(|port| tensor(&port.ty, are_extreme)).collect();
        let ports = plan.inputs().iter().map(|port| &*port.name);
        let given = given.unwrap_or_default();
        let inputs: Vec<(&str, &Tensor)> = ports.zip(&given).collect();
        let _ = session.run(&inputs);
    }
}

/// Zeros, or the values that arithmetic and indices break on.
fn tensor(ty: &TensorType, is_extreme: bool) -> Option<Tensor> {
    fn filled<T: Copy + Default>(count: usize, extremes: &[T], is_extreme: bool) -> Vec<T> {
        if is_extreme {
            extremes.iter().copied().cycle().take(count).collect()
        } else {
            vec![T::default(); count]
        }
    }
    const FLOATS: &[f32] = &[f32::NAN, 3e9, -1e-40, f32::INFINITY, -0.5, f32::MIN];
    const INTS: &[i32] = &[i32::MIN, -1, 1, i32::MAX, 7];
    let count = ty.element_count()?;
    let values = match ty.dtype {
        DType::F32 => Values::F32(filled(count, FLOATS, is_extreme)),
        DType::I32 => Values::I32(filled(count, INTS, is_extreme)),
        DType::I8 => Values::I8(filled(count, &[i8::MIN, i8::MAX, 1], is_extreme)),
        DType::U8 => Values::U8(filled(count, &[u8::MAX, 0, 1], is_extreme)),
    };
    Tensor::new(ty.shape.clone(), values).ok()
}

/// A plan's file with lengths and checksum that fit its content.
pub fn mended_plan(bytes: &[u8]) -> Option<Vec<u8>> {
    let body = bytes.get(32..)?;
    let stated = u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?) as usize;
    let graph = stated.min(body.len());
    let version = if bytes[4] % 2 == 0 { 2_u16 } else { 1 };
    let mut mended = b"NSPL".to_vec();
    mended.extend_from_slice(&version.to_le_bytes());
    mended.extend_from_slice(&[0; 2]);
    mended.extend_from_slice(&u32::try_from(graph).ok()?.to_le_bytes());
    mended.extend_from_slice(&u32::try_from(body.len() - graph).ok()?.to_le_bytes());
    mended.extend_from_slice(&xxhash_rust::xxh3::xxh3_128(body).to_le_bytes());
    mended.extend_from_slice(body);
    Some(mended)
}

/// Packs of the compatibility suite: a chunk is read in the first that has one of its kind.
const PACKS: [&str; 3] = ["pack-v1", "pack-v2", "pack-v3"];

/// A pack of the compatibility suite, a chunk's content replaced by that of `chunk`, which is of the same kind.
pub struct MendedPack {
    manifest: Vec<u8>,
    chunks: Vec<(String, Vec<u8>)>,
}

impl MendedPack {
    /// `None` when `chunk` has no header, or a kind that no chunk of the packs has.
    pub fn with(chunk: &[u8]) -> Option<Self> {
        PACKS.iter().find_map(|pack| Self::of(pack, chunk))
    }

    fn of(pack: &str, chunk: &[u8]) -> Option<Self> {
        let folder = root().join("tests/compat").join(pack);
        let manifest = std::fs::read(folder.join("manifest.json")).ok()?;
        let mut manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
        let mut chunks = Vec::new();
        let mut is_replaced = false;
        for info in manifest["chunks"].as_array_mut()? {
            let path = info["path"].as_str()?.to_owned();
            let mut bytes = std::fs::read(folder.join(&path)).ok()?;
            if bytes.get(6) == chunk.get(6) && chunk.len() >= 16 {
                bytes = mended_chunk(&bytes, &chunk[16..]);
                info["size_bytes"] = bytes.len().into();
                info["sha256"] = hex(&Sha256::digest(&bytes)).into();
                is_replaced = true;
            }
            chunks.push((path, bytes));
        }
        let manifest = serde_json::to_vec(&manifest).ok()?;
        is_replaced.then_some(Self { manifest, chunks })
    }

    /// What the reader makes of it.
    pub fn read(&self) -> Option<Pack> {
        let mut reader = PackReader::new(&self.manifest).ok()?;
        for (path, bytes) in &self.chunks {
            let _ = reader.add(path, bytes);
        }
        reader.pack().cloned()
    }

    /// The lists of the pack's embeddings with all shards that are taken; `None` for a pack without, or with lists that are
    /// refused.
    pub fn read_shards(&self) -> Option<ShardCache> {
        let manifest = Manifest::from_json(&self.manifest).ok()?;
        let bytes_of = |path: &str| {
            let chunk = self.chunks.iter().find(|chunk| chunk.0 == path);
            chunk.map(|chunk| chunk.1.as_slice())
        };
        let lists = manifest
            .chunks
            .iter()
            .find(|chunk| chunk.kind == ChunkKind::Lists)?;
        let index = ShardIndex::new(&manifest, bytes_of(&lists.path)?).ok()?;
        let paths: Vec<String> = index.files().iter().map(|file| file.path.clone()).collect();
        let mut cache = ShardCache::new(index, SHARD_MEMORY);
        for (path, file) in paths.iter().zip(0..) {
            let _ = cache.add(file, bytes_of(path)?);
        }
        Some(cache)
    }
}

/// The pack of the compatibility suite as it is.
pub fn pack(name: &str) -> Option<Pack> {
    let folder = root().join("tests/compat").join(name);
    let mut reader = PackReader::new(&std::fs::read(folder.join("manifest.json")).ok()?).ok()?;
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    for path in wanted {
        reader
            .add(&path, &std::fs::read(folder.join(&path)).ok()?)
            .ok()?;
    }
    reader.pack().cloned()
}

/// The header of `original` around another payload.
fn mended_chunk(original: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = original[..8].to_vec();
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&Sha256::digest(payload)[..4]);
    bytes.extend_from_slice(payload);
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes sure, before a target begins, that a file which is whole is mended to itself: else nothing behind the
/// checksums would be reached.
///
/// # Panics
/// When it is not.
pub fn check_mending() {
    let plan = std::fs::read(root().join("tests/compat/plan-v1.plan")).expect("the plan is there");
    assert_eq!(mended_plan(&plan), Some(plan));
    let content = |pack: Pack| {
        let items: Vec<_> = pack.items.iter().cloned().collect();
        let Pack {
            neighbours,
            popularity,
            embeddings,
            images,
            merchandising,
            ..
        } = pack;
        format!(
            "{items:?} {neighbours:?} {popularity:?} {embeddings:?} {images:?} {merchandising:?}"
        )
    };
    for name in PACKS {
        let whole = pack(name).map(content).expect("the pack is whole");
        for path in bins(name) {
            let chunk = std::fs::read(&path).expect("the chunk can be read");
            let mended = MendedPack::of(name, &chunk).expect("the pack has its kind");
            if path
                .parent()
                .is_some_and(|folder| folder.ends_with("shards"))
            {
                continue; // Shards share their kind: each would stand in the place of all.
            }
            let found = mended.read().map(content);
            assert!(found.as_ref() == Some(&whole), "{}", path.display());
            let mut cache = mended.read_shards();
            assert_eq!(cache.is_some(), name == "pack-v3", "{}", path.display());
            let rows = cache
                .as_mut()
                .map(|cache| cache.rows(&[0, 1, 2]).items.len());
            assert_ne!(rows, Some(0), "{}", path.display());
        }
    }
}

/// Chunks of a pack of the compatibility suite.
fn bins(name: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/compat").join(name);
    let listed = [folder.clone(), folder.join("shards")]
        .into_iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten();
    let paths = listed.map(|entry| entry.expect("the pack can be listed").path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "bin"))
        .collect()
}
