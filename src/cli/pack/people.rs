//! The models of people: ours, or those that a merchant puts in its place.

use crate::models::ModelArguments;
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::PackWriter;
use nearshelf_engine::{CpuSession, Plan, Session, Tensor, Values};
use nearshelf_onnx::compile;
use nearshelf_vision::{
    Picture,
    people::{Settings, SettingsError},
};
use std::{fs, path::Path, sync::Arc};

/// What has been asked of a model: flat values, their shape, the shape of its input.
type Asked<'a> = (&'a [f32], &'a [usize], &'a [usize]);

/// Adds what settings name, tried on an empty picture first, and ours for the rest.
pub fn add(
    writer: &mut PackWriter,
    settings: Option<&Path>,
    models: &ModelArguments,
) -> Result<()> {
    let mut ours = true;
    if let Some(path) = settings {
        let mut settings = read(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        ours = settings.segmentation.is_none() || settings.pose.is_none();
        if let Some(segmentation) = &mut settings.segmentation {
            let plan = load(folder, segmentation.file.take(), models)?;
            try_out(
                &plan,
                |picture, shape| segmentation.tensor(picture, shape),
                |(output, shape, _)| segmentation.read(output, shape).map(drop),
            )?;
            writer.vision("segmentation", "plan", plan.to_bytes()?);
        }
        if let Some(pose) = &mut settings.pose {
            let plan = load(folder, pose.file.take(), models)?;
            try_out(
                &plan,
                |picture, shape| pose.tensor(picture, shape),
                |(output, shape, input)| pose.read(output, shape, input).map(drop),
            )?;
            writer.vision("pose", "plan", plan.to_bytes()?);
        }
        writer.vision("people", "json", serde_json::to_vec(&settings)?);
    }
    if ours && let Some(plan) = models.load("person")? {
        writer.vision("person", "plan", plan.to_bytes()?);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Settings> {
    let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let settings: Settings =
        serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
    settings
        .check()
        .with_context(|| path.display().to_string())?;
    if settings == Settings::default() {
        bail!(
            "{} names neither a segmentation nor a pose model",
            path.display()
        );
    }
    Ok(settings)
}

fn load(folder: &Path, file: Option<String>, models: &ModelArguments) -> Result<Arc<Plan>> {
    let Some(file) = file else {
        bail!("the settings name no file for a model: add \"file\", relative to them");
    };
    let path = folder.join(file);
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let plan = compile(&bytes, &models.weights().options());
    Ok(Arc::new(plan.with_context(|| {
        format!("compiling {}", path.display())
    })?))
}

/// Runs a model once, so that what doesn't fit is said to the merchant and not to a shopper.
fn try_out(
    plan: &Arc<Plan>,
    tensor: impl Fn(&Picture, &[usize]) -> Result<Vec<f32>, SettingsError>,
    read: impl Fn(Asked) -> Result<(), SettingsError>,
) -> Result<()> {
    let mut session = CpuSession::new(Arc::clone(plan))?;
    let [input] = session.inputs() else {
        bail!(
            "the model has {} inputs, one is needed",
            session.inputs().len()
        );
    };
    let (name, shape) = (input.name.clone(), input.ty.shape.clone());
    let picture = Picture::new(1, 1, &[127, 127, 127, 255])?;
    let image = Tensor::new(shape.clone(), Values::F32(tensor(&picture, &shape)?))?;
    let outputs = session.run(&[(name.as_str(), &image)])?;
    let [output] = outputs.as_slice() else {
        bail!("the model has {} outputs, one is needed", outputs.len());
    };
    let values = output.as_f32().context("the model's output is not f32")?;
    read((values, output.shape(), &shape))?;
    Ok(())
}
