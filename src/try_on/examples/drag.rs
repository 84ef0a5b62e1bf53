//! How long a handle's drag takes to be seen, natively: `./build.sh bench try-on` runs it beside Chromium.
//!
//! A drawn shirt and trousers on a mannequin, one handle moved before every frame.

use nearshelf_try_on::{Garment, Pixels, Slot, TryOn, TryOnError, mannequin};
use nearshelf_vision::{Category, Mask, Point};
use std::time::Instant;

/// Extents of the frames, and of the garment's picture.
const FRAME: (usize, usize) = (640, 800);
const PICTURE: usize = 640;
const FRAMES: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut session = TryOn::new();
    let begun = Instant::now();
    session.set_person(mannequin("straight", "tone-3")?);
    let drawn = begun.elapsed();
    let begun = Instant::now();
    session.put_on(Slot::Top, garment(Category::Longsleeve)?)?;
    let cut = begun.elapsed();
    session.put_on(Slot::Bottom, garment(Category::Skirt)?)?;
    let begun = Instant::now();
    session.render(FRAME.0, FRAME.1)?;
    let first = begun.elapsed();
    let mut times = Vec::with_capacity(FRAMES);
    for frame in 0..FRAMES {
        let begun = Instant::now();
        drag(&mut session, frame)?;
        session.render(FRAME.0, FRAME.1)?;
        times.push(begun.elapsed());
    }
    times.sort();
    let begun = Instant::now();
    session.set_colour(Slot::Top, Some([40, 90, 160]))?;
    let coloured = begun.elapsed();
    println!(
        "native: a drag's frame of {}×{} {:.1?} (median of {FRAMES}, 95 % within {:.1?})",
        FRAME.0,
        FRAME.1,
        times[FRAMES / 2],
        times[FRAMES * 95 / 100]
    );
    println!(
        "native: mannequin drawn {drawn:.1?}, garment cut out {cut:.1?}, first frame {first:.1?}, another colour {coloured:.1?}"
    );
    Ok(())
}

fn drag(session: &mut TryOn, frame: usize) -> Result<(), TryOnError> {
    let hem = session.handles(Slot::Top)?[6];
    let way = if frame % 20 < 10 { 0.004 } else { -0.004 };
    session.move_handle(Slot::Top, 6, hem.x + way, hem.y + way / 2.0)
}

/// A cross of body and sleeves, with folds.
fn garment(category: Category) -> Result<Garment, Box<dyn std::error::Error>> {
    let inside = |x: f32, y: f32| {
        (0.08..0.94).contains(&y)
            && ((0.3..0.7).contains(&x) || ((0.06..0.94).contains(&x) && y < 0.3))
    };
    let middle = |at: usize, of: usize| (at as f32 + 0.5) / of as f32;
    let mut bytes = Vec::with_capacity(PICTURE * PICTURE * 4);
    for at in 0..PICTURE * PICTURE {
        let (x, y) = (middle(at % PICTURE, PICTURE), middle(at / PICTURE, PICTURE));
        let fold = 1.0 - 0.2 * (x * 40.0 + y * 9.0).sin().powi(8);
        let colour = if inside(x, y) {
            [190.0 * fold, 40.0 * fold, 50.0 * fold]
        } else {
            [232.0, 230.0, 226.0]
        };
        bytes.extend(colour.map(|c| c as u8));
        bytes.push(255);
    }
    let logits = (0..6400)
        .map(|at| {
            if inside(middle(at % 80, 80), middle(at / 80, 80)) {
                5.0
            } else {
                -5.0
            }
        })
        .collect();
    let landmarks = [
        (0.43, 0.08),
        (0.57, 0.08),
        (0.3, 0.1),
        (0.7, 0.1),
        (0.06, 0.2),
        (0.94, 0.2),
        (0.3, 0.94),
        (0.7, 0.94),
        (0.3, 0.6),
        (0.7, 0.6),
    ]
    .map(|(x, y)| Point {
        x,
        y,
        score: 1.0,
        visible: true,
    });
    Ok(Garment::new(
        category,
        Pixels::new(PICTURE, PICTURE, &bytes)?,
        &Mask::new(80, 80, logits)?,
        &landmarks,
    )?)
}
