//! Tries pictures of garments on mannequins, natively, to be looked at: `models/training/try_on_sheet.py` runs it.
//!
//! `sheet GARMENT.plan OUT PICTURE.ppm...`: for each picture `OUT/NAME.ppm`, its cut-out beside it worn, and a line that says
//! what was made of it. `sheet GARMENT.plan OUT --photo PERSON.plan PHOTO.ppm PICTURE.ppm...` lays them over a photo.

use nearshelf_engine::{CpuSession, Plan, Session, Tensor, Values};
use nearshelf_try_on::{BUILDS, Garment, Person, Pixels, Slot, TONES, TryOn, mannequin};
use nearshelf_vision::{GarmentOutputs, PersonOutputs, Picture, SIDE};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Extents of a figure on the sheet.
const SIZE: (usize, usize) = (400, 600);

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.len() < 3 {
        return Err(
            "usage: sheet GARMENT.plan OUT [--photo PERSON.plan PHOTO.ppm] PICTURE.ppm...".into(),
        );
    }
    let mut garments = Model::open(&arguments[0])?;
    let out = arguments[1].clone();
    let photo = (arguments[2] == "--photo").then(|| -> Result<Person> {
        let picture = read_ppm(&arguments[4])?;
        seen(&mut Model::open(&arguments[3])?, picture)
    });
    let photo = photo.transpose()?;
    arguments.drain(..if photo.is_some() { 5 } else { 2 });
    for (number, path) in arguments.iter().enumerate() {
        let name = Path::new(path)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let tried = tried(&mut garments, path, number, photo.as_ref());
        match tried {
            Ok((picture, said)) => {
                write_ppm(&format!("{out}/{name}.ppm"), &picture)?;
                println!("{name}\t{said}");
            }
            Err(refused) => println!("{name}\trefused: {refused}"),
        }
    }
    Ok(())
}

fn tried(
    model: &mut Model,
    path: &str,
    number: usize,
    photo: Option<&Person>,
) -> Result<(Pixels, String)> {
    let picture = read_ppm(path)?;
    let outputs = model.run(&picture)?;
    let [category, attributes, embedding, mask, landmarks] =
        ["category", "attributes", "embedding", "mask", "landmarks"]
            .map(|name| outputs.get(name).map_or(&[][..], Vec::as_slice));
    let garment = nearshelf_vision::Garment::read(&GarmentOutputs {
        category,
        attributes,
        embedding,
        mask,
        landmarks,
    })?;
    let begun = Instant::now();
    let worn = Garment::new(garment.category, picture, &garment.mask, &garment.landmarks)?;
    let cut = begun.elapsed();
    let slot = Slot::of(garment.category).ok_or("has no slot")?;
    let mut session = TryOn::new();
    session.set_person(match photo {
        Some(person) => person.clone(),
        None => mannequin(
            BUILDS[number % BUILDS.len()].name,
            TONES[(number * 5 + 1) % TONES.len()].name,
        )?,
    });
    session.put_on(slot, worn)?;
    let (person_width, person_height) = session.size().ok_or("no person")?;
    let (width, height) = (SIZE.1 * person_width / person_height, SIZE.1);
    session.render(width, height)?;
    let begun = Instant::now();
    let frame = session.render(width, height)?;
    let rendered = begun.elapsed();
    let seen = session
        .handles(slot)?
        .iter()
        .filter(|handle| !handle.estimated)
        .count();
    let mut sheet = beside(&session.render_garment(slot, 300)?, &frame, width, height);
    for handle in session.handles(slot)? {
        let (x, y) = (
            (handle.x * width as f64) as i64 + 300,
            (handle.y * height as f64) as i64,
        );
        for (dx, dy) in [(-1, 0), (0, 0), (1, 0), (0, -1), (0, 1)] {
            let (x, y) = (x + dx, y + dy);
            if (300..300 + width as i64).contains(&x) && (0..height as i64).contains(&y) {
                sheet.rgba[y as usize * sheet.width + x as usize] = if handle.estimated {
                    [255, 140, 0, 255]
                } else {
                    [0, 200, 80, 255]
                };
            }
        }
    }
    Ok((
        sheet,
        format!(
            "{} {:.2}, {seen} landmarks, cut out in {cut:.1?}, rendered in {rendered:.1?}",
            garment.category.name(),
            garment.probability
        ),
    ))
}

fn seen(model: &mut Model, picture: Pixels) -> Result<Person> {
    let outputs = model.run(&picture)?;
    let [regions, key_points] =
        ["regions", "key_points"].map(|name| outputs.get(name).map_or(&[][..], Vec::as_slice));
    let person = nearshelf_vision::Person::read(&PersonOutputs {
        regions,
        key_points,
    })?;
    Ok(Person::in_photo(
        picture,
        &person.regions,
        &person.key_points,
    )?)
}

/// The cut-out on a ground of chequers, and the frame.
fn beside(garment: &Pixels, frame: &[u32], width: usize, height: usize) -> Pixels {
    let mut rgba = Vec::with_capacity((300 + width) * height);
    for row in 0..height {
        for column in 0..300 {
            let light = if (row / 12 + column / 12) % 2 == 0 {
                150_u8
            } else {
                190
            };
            let pixel = if row < garment.height {
                garment.rgba[row * garment.width + column]
            } else {
                [0; 4]
            };
            let mix = |c: u8| {
                ((u32::from(c) * u32::from(pixel[3])
                    + u32::from(light) * (255 - u32::from(pixel[3])))
                    / 255) as u8
            };
            rgba.push([mix(pixel[0]), mix(pixel[1]), mix(pixel[2]), 255]);
        }
        rgba.extend(
            frame[row * width..(row + 1) * width]
                .iter()
                .map(|pixel| pixel.to_le_bytes()),
        );
    }
    Pixels {
        width: 300 + width,
        height,
        rgba,
    }
}

struct Model(CpuSession);

impl Model {
    fn open(path: &str) -> Result<Self> {
        Ok(Self(CpuSession::new(Arc::new(Plan::from_bytes(
            &std::fs::read(path)?,
        )?))?))
    }

    fn run(&mut self, picture: &Pixels) -> Result<std::collections::BTreeMap<String, Vec<f32>>> {
        let squashed =
            Picture::new(picture.width, picture.height, picture.bytes())?.squash(SIDE, SIDE);
        let image = Tensor::new([1, 3, SIDE, SIDE], Values::F32(squashed.tensor()))?;
        let outputs = self.0.run(&[("image", &image)])?;
        let named = self.0.outputs().iter().zip(&outputs);
        Ok(named
            .map(|(port, tensor)| {
                (
                    port.name.clone(),
                    tensor.as_f32().unwrap_or_default().to_vec(),
                )
            })
            .collect())
    }
}

/// Reads a binary PPM, which any converter writes.
fn read_ppm(path: &str) -> Result<Pixels> {
    let bytes = std::fs::read(path)?;
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let begin = at;
        while bytes
            .get(at)
            .is_some_and(|byte| !byte.is_ascii_whitespace())
        {
            at += 1;
        }
        fields.push(std::str::from_utf8(&bytes[begin..at])?.to_owned());
        at += 1;
    }
    let (width, height) = (fields[1].parse()?, fields[2].parse()?);
    let rgba: Vec<u8> = bytes[at..]
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|[r, g, b]| [*r, *g, *b, 255])
        .collect();
    Ok(Pixels::new(width, height, &rgba)?)
}

fn write_ppm(path: &str, picture: &Pixels) -> Result<()> {
    let mut bytes = format!("P6\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend(picture.rgba.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]));
    Ok(std::fs::write(path, bytes)?)
}
