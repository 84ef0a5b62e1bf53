//! Drawn figures, for who has no photo at hand: plain, without a face, in several builds and tones.

mod build;
mod draw;
mod outline;

pub use build::{BUILDS, Build, TONES, Tone};

use crate::body::Body;
use crate::error::TryOnError;
use crate::person::Person;

/// Extents of a drawn figure, pixels.
pub const WIDTH: usize = 640;
/// Pixels down.
pub const HEIGHT: usize = 960;

/// Draws a figure.
///
/// # Errors
/// Where there is no build or tone of that name.
pub fn mannequin(build: &str, tone: &str) -> Result<Person, TryOnError> {
    let named = |names: Vec<&str>| names.join(", ");
    let build = BUILDS
        .iter()
        .find(|known| known.name == build)
        .ok_or_else(|| {
            TryOnError::request(
                format!("a mannequin of build {build:?}"),
                format!(
                    "there are {}",
                    named(BUILDS.iter().map(|b| b.name).collect())
                ),
            )
        })?;
    let tone = TONES
        .iter()
        .find(|known| known.name == tone)
        .ok_or_else(|| {
            TryOnError::request(
                format!("a mannequin of tone {tone:?}"),
                format!(
                    "there are {}",
                    named(TONES.iter().map(|t| t.name).collect())
                ),
            )
        })?;
    let outlines = outline::of(build);
    let drawn = draw::drawn(&outlines, tone.srgb);
    let body: Body = outlines.body;
    let aspect = drawn.picture.aspect();
    Ok(Person {
        hair: drawn.cover.map(|_| 0.0),
        cover: drawn.cover,
        arms: drawn.arms,
        picture: drawn.picture,
        body,
        aspect,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_build_has_its_points_on_itself() {
        for build in BUILDS {
            let person = mannequin(build.name, TONES[0].name).unwrap();
            let Body {
                neck,
                shoulders,
                elbows,
                wrists,
                hips,
                crotch,
                ankles,
            } = person.body;
            let on = |p: crate::geometry::Point| {
                person.cover.at((p.x / person.aspect) as f32, p.y as f32)
            };
            for place in [
                neck, elbows[0], elbows[1], wrists[0], wrists[1], crotch, ankles[0], ankles[1],
            ] {
                assert!(on(place) > 0.9, "{}: {place:?}", build.name);
            }
            for pair in [shoulders, hips] {
                let middle = pair[0].towards(pair[1], 0.5);
                for side in pair {
                    assert!(
                        on(side.towards(middle, 0.1)) > 0.9,
                        "{}: {side:?}",
                        build.name
                    );
                }
            }
            let [left, right] = person.trunk(crotch.y - 0.05).unwrap();
            assert!(
                (left + right - person.aspect).abs() < 0.01,
                "{}",
                build.name
            );
        }
    }

    #[test]
    fn builds_and_tones_that_do_not_exist_are_named() {
        let refused = mannequin("giant", "tone-1").unwrap_err().to_string();
        assert!(
            refused.contains("giant") && refused.contains("straight"),
            "{refused}"
        );
        assert!(
            mannequin("straight", "green")
                .unwrap_err()
                .to_string()
                .contains("tone-1")
        );
    }

    #[test]
    fn the_same_figure_is_drawn_the_same() {
        let [a, b] = ["tone-2"; 2].map(|tone| mannequin("round", tone).unwrap().picture);
        assert_eq!(a, b);
    }
}
