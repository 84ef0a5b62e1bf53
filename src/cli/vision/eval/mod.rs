//! `nearshelf eval vision`: what the garment model makes of any folder of pictures.

mod accuracy;
mod page;
mod photos;
mod report;
mod retrieval;
mod sheets;

use super::{View, Viewer};
use crate::{Outcome, models::ModelArguments, output};
use anyhow::{Context, Result, bail};
use nearshelf_vision::{Category, Garment, Look, Mask, Point};
use photos::{Photo, Photos};
use report::{Refused, Report};
use retrieval::{colour_histogram, random_projection};
use std::{path::PathBuf, time::Instant};

#[derive(clap::Args)]
pub struct Arguments {
    /// Folder of pictures, one folder a class; accuracy is measured where a folder has a category's name.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    #[command(flatten)]
    models: ModelArguments,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Write a page with sheets of what was found, masks, landmarks and palettes.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Pictures of each class whose mask and landmarks are shown.
const SHOWN_OF_A_CLASS: usize = 4;

/// What was made of one picture.
struct Looked {
    /// Its number among the photos.
    photo: usize,
    class: usize,
    look: Look,
    /// The likeliest categories, likeliest first.
    likeliest: [Category; 2],
    histogram: Vec<f32>,
    projection: Vec<f32>,
    area: f32,
    visible: usize,
    decode_millis: f64,
    look_millis: f64,
    /// Of those that are shown.
    outline: Option<Outline>,
}

/// Where a garment was seen.
struct Outline {
    mask: Mask,
    landmarks: Vec<Point>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let began = Instant::now();
    let photos = Photos::of(&arguments.images)?;
    let Some(viewer) = Viewer::load(&arguments.models)? else {
        bail!("the folder of models has no garment: name another with --models");
    };
    let shown = shown(&photos);
    let numbered: Vec<(usize, &Photo)> = photos.photos.iter().enumerate().collect();
    let results = viewer.each("looking at pictures", &numbered, |view, (number, photo)| {
        look(view, *number, photo, shown[*number])
    })?;
    let (mut looked, mut refused) = (Vec::new(), Vec::new());
    for (result, photo) in results.into_iter().zip(&photos.photos) {
        match result? {
            Ok(one) => looked.push(one),
            Err(reason) => refused.push(Refused {
                file: photo.path.display().to_string(),
                reason,
            }),
        }
    }
    let step = output::step("comparing each with each");
    let mut measured = report::Measured::new(&photos, &looked);
    step.finish_and_clear();
    measured.report.refused = refused;
    measured.report.seconds = began.elapsed().as_secs_f64();
    if let Some(path) = &arguments.report {
        let page = page::page(&arguments.images, &photos, &looked, &measured);
        std::fs::write(path, page).with_context(|| format!("writing {}", path.display()))?;
    }
    if arguments.json {
        output::json(&measured.report)?;
    } else {
        print(&measured.report);
    }
    Ok(Outcome::Done)
}

/// By photo, whether its mask is shown: evenly spaced ones of each class.
fn shown(photos: &Photos) -> Vec<bool> {
    let mut shown = vec![false; photos.photos.len()];
    for class in 0..photos.classes.len() {
        let own: Vec<usize> = (0..shown.len())
            .filter(|number| photos.photos[*number].class == class)
            .collect();
        let step = own.len().div_ceil(SHOWN_OF_A_CLASS).max(1);
        own.iter()
            .step_by(step)
            .for_each(|number| shown[*number] = true);
    }
    shown
}

/// What is made of one file, or why nothing is; fails only where the model does.
fn look(
    view: &mut View,
    number: usize,
    photo: &Photo,
    shown: bool,
) -> Result<Result<Looked, String>> {
    let began = Instant::now();
    let decoded = match nearshelf_pictures::open(&photo.path) {
        Ok(decoded) => decoded,
        Err(reason) => return Ok(Err(reason.to_string())),
    };
    let decode_millis = began.elapsed().as_secs_f64() * 1000.0;
    let began = Instant::now();
    let seen = view.look(&decoded.picture()?)?;
    let look_millis = began.elapsed().as_secs_f64() * 1000.0;
    let garment = &seen.garment;
    Ok(Ok(Looked {
        photo: number,
        class: photo.class,
        look: Look::of(garment, &seen.palette),
        likeliest: likeliest(garment),
        histogram: colour_histogram(&seen.squashed),
        projection: random_projection(&seen.squashed),
        area: garment.mask.area(),
        visible: garment
            .landmarks
            .iter()
            .filter(|point| point.visible)
            .count(),
        decode_millis,
        look_millis,
        outline: shown.then(|| Outline {
            mask: garment.mask.clone(),
            landmarks: garment.landmarks.to_vec(),
        }),
    }))
}

fn likeliest(garment: &Garment) -> [Category; 2] {
    let mut order = Category::ALL;
    order.sort_by(|one, other| {
        let of = |category: &Category| garment.probabilities[*category as usize];
        of(other).total_cmp(&of(one))
    });
    [order[0], order[1]]
}

fn print(report: &Report) {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    crate::say!(
        "{} pictures of {} classes in {:.1} s; {} files can't be read, {} are no pictures",
        report.pictures,
        report.classes,
        report.seconds,
        report.refused.len(),
        report.passed_over
    );
    for Refused { file, reason } in report.refused.iter().take(10) {
        crate::say!("  {file} {reason}");
    }
    if let Some(accuracy) = &report.accuracy {
        crate::say!(
            "\ncategory: {} of {} pictures right, {} among the first two, {} as the mean of classes",
            percent(accuracy.top_1),
            accuracy.pictures,
            percent(accuracy.top_2),
            percent(accuracy.mean_of_classes)
        );
        crate::say!(
            "{:<16} {:>8} {:>8} {:>10}",
            "",
            "pictures",
            "recall",
            "precision"
        );
        for class in &accuracy.classes {
            let precision = class.precision.map_or("–".to_owned(), percent);
            crate::say!(
                "{:<16} {:>8} {:>8} {:>10}",
                class.name,
                class.pictures,
                percent(class.recall),
                precision
            );
        }
    }
    crate::say!(
        "\n{:<28} {:>8} {:>8} {:>16}",
        "mAP@10",
        "class",
        "colour",
        "class and colour"
    );
    for row in &report.retrieval {
        crate::say!(
            "{:<28} {:>8.4} {:>8.4} {:>16.4}",
            row.vectors,
            row.class,
            row.colour,
            row.class_and_colour
        );
    }
    crate::say!(
        "in another colour: {} of what is listed is of the class, {} of {} pictures find some",
        percent(report.another_colour.of_class),
        report.another_colour.found,
        report.pictures
    );
    crate::say!(
        "\nmasks cover {} on average, {} are empty; {:.1} landmarks are visible; {:.1} colours a palette, {} have none",
        percent(report.masks.mean_area),
        report.masks.empty,
        report.mean_visible_landmarks,
        report.palettes.mean_colours,
        report.palettes.none
    );
    crate::say!(
        "median {:.1} ms to decode and {:.1} ms to look at a picture, on one thread beside others",
        report.median_decode_millis,
        report.median_look_millis
    );
}
