use super::grid::Grid;
use super::*;
use crate::garment::Worn;
use crate::geometry::point;
use crate::placement::Piece;
use crate::testing::{mask, person, plain, seen, shirt};
use nearshelf_vision::Category;

fn channels(pixel: u32) -> [u8; 4] {
    pixel.to_le_bytes()
}

fn is_red(pixel: u32) -> bool {
    let [red, green, blue, _] = channels(pixel);
    red > 110 && green < 70 && blue < 80
}

#[test]
fn a_shirt_lies_on_the_shoulders_and_ends_below_the_hips() {
    let person = person();
    let stage = Stage::new(&person, 160, 200);
    let worn = Worn::new(shirt(), &person);
    let frame = rendered(&stage, &person, &[(&worn, None)]);
    let red_at = |x: f64, y: f64| is_red(frame[(y * 200.0) as usize * 160 + (x * 160.0) as usize]);
    assert!(red_at(0.5, 0.4) && red_at(0.42, 0.28) && red_at(0.58, 0.5));
    assert!(!red_at(0.5, 0.14) && !red_at(0.5, 0.95) && !red_at(0.1, 0.3));
}

#[test]
fn where_the_garment_is_not_nothing_but_its_shadow_changes() {
    let person = person();
    let stage = Stage::new(&person, 160, 200);
    let worn = Worn::new(shirt(), &person);
    let frame = rendered(&stage, &person, &[(&worn, None)]);
    let laid: Vec<_> = worn
        .placement
        .pieces
        .iter()
        .map(|piece| piece.laid(&worn.placement, &worn.moved))
        .collect();
    let alpha = worn.garment.cut_out.alpha();
    for (at, (now, before)) in frame.iter().zip(&stage.body).enumerate() {
        let p = point(
            (at % 160) as f64 / 160.0 * person.aspect + 0.5 / 200.0,
            ((at / 160) as f64 + 0.5) / 200.0,
        );
        let near = |on: crate::geometry::Point| {
            let around = [
                (0.0, 0.0),
                (0.02, 0.0),
                (-0.02, 0.0),
                (0.0, 0.02),
                (0.0, -0.02),
            ];
            (-0.02..1.02).contains(&on.x)
                && (-0.02..1.02).contains(&on.y)
                && around
                    .iter()
                    .any(|(x, y)| alpha.at((on.x + x) as f32, (on.y + y) as f32) > 0.0)
        };
        let inside = laid.iter().any(|piece| near(piece.warp.at(p)));
        if !inside {
            let (now, before) = (channels(*now), channels(*before));
            assert!(
                (0..3).all(|c| now[c] <= before[c] && before[c] - now[c] < 70),
                "{at}: {now:?} {before:?}"
            );
            assert!(
                stage.cover[at] > 0 || now == before,
                "a shadow on the wall at {at}"
            );
        }
    }
}

#[test]
fn an_unwarped_garment_keeps_its_pixels() {
    // A garment that fills its picture, on a person of the same extents, with its handles where its marks are.
    let person = person();
    let bytes: Vec<u8> = (0..160 * 200_u32)
        .flat_map(|i| [(i % 160) as u8, (i / 160) as u8, (i * 7 % 251) as u8, 255])
        .collect();
    let speckled = crate::pixels::Pixels::new(160, 200, &bytes).unwrap();
    let landmarks = [
        (0.4, 0.1),
        (0.6, 0.1),
        (0.2, 0.15),
        (0.8, 0.15),
        (0.1, 0.5),
        (0.9, 0.5),
        (0.2, 0.9),
        (0.8, 0.9),
        (0.2, 0.6),
        (0.8, 0.6),
    ]
    .map(|(x, y)| seen(x, y));
    let garment = crate::garment::Garment::new(
        Category::Shirt,
        speckled.clone(),
        &mask(|_, _| true),
        &landmarks,
    )
    .unwrap();
    let mut worn = Worn::new(garment, &person);
    let sources: Vec<_> = worn
        .placement
        .handles
        .iter()
        .map(|handle| handle.source)
        .collect();
    for (handle, source) in worn.placement.handles.iter_mut().zip(&sources) {
        handle.target = *source;
    }
    worn.placement.pieces = vec![Piece::whole(10, Vec::new())];
    worn.moved = sources;
    let mut stage = Stage::new(&person, 160, 200);
    stage.arms.fill(0);
    stage.shade.values.fill(1.0);
    let laid = worn.placement.pieces[0].laid(&worn.placement, &worn.moved);
    let grid = Grid::new(&worn, &laid, &stage, &person, None);
    assert!((grid.step - 1.0).abs() < 0.01, "{}", grid.step);
    let frame = rendered(&stage, &person, &[(&worn, None)]);
    // Away from its edge, where it is darkened.
    for row in 40..160 {
        for column in 40..120 {
            let (now, was) = (
                channels(frame[row * 160 + column]),
                speckled.rgba[row * 160 + column],
            );
            assert!(
                (0..3).all(|c| now[c].abs_diff(was[c]) <= 2),
                "{column} {row}: {now:?} {was:?}"
            );
        }
    }
}

#[test]
fn bare_arms_lie_before_a_garment_and_sleeves_before_arms() {
    let person = person();
    let stage = Stage::new(&person, 160, 200);
    let mut worn = Worn::new(shirt(), &person);
    // Drawn wide enough to lie behind the lower arms.
    for number in 6..10 {
        let way = if number % 2 == 0 { -0.2 } else { 0.2 };
        worn.moved[number] = worn.moved[number] + point(way, 0.0);
    }
    let frame = rendered(&stage, &person, &[(&worn, None)]);
    let red_at = |x: f64, y: f64| is_red(frame[(y * 200.0) as usize * 160 + (x * 160.0) as usize]);
    assert!(!red_at(0.27, 0.6), "the lower arm is covered");
    assert!(red_at(0.32, 0.33), "the sleeve is behind the arm");
}

#[test]
fn below_the_line_of_a_tucked_in_top_nothing_of_it_is_seen() {
    let person = person();
    let stage = Stage::new(&person, 160, 200);
    let worn = Worn::new(shirt(), &person);
    let clip = [point(0.2, 0.4), point(0.6, 0.4)];
    let frame = rendered(&stage, &person, &[(&worn, Some(clip))]);
    assert!(frame[200 * 160 / 2..].iter().all(|pixel| !is_red(*pixel)));
    assert!(frame[..160 * 70].iter().any(|pixel| is_red(*pixel)));
}

#[test]
fn any_handles_and_extents_are_rendered() {
    let person = person();
    let mut worn = Worn::new(shirt(), &person);
    for place in [
        point(0.0, 0.0),
        point(0.4, 0.4),
        point(-50.0, 9e9),
        point(1e-9, 1.0),
    ] {
        worn.moved.fill(place);
        for (width, height) in [(1, 1), (7, 300), (64, 80)] {
            let stage = Stage::new(&person, width, height);
            let frame = rendered(&stage, &person, &[(&worn, None)]);
            assert_eq!(frame.len(), width * height);
            assert!(frame.iter().all(|pixel| channels(*pixel)[3] == 255));
        }
    }
}

#[test]
fn a_garment_of_one_pixel_is_worn() {
    let person = person();
    let garment = crate::garment::Garment::new(
        Category::Dress,
        plain(1, 1, [9; 3]),
        &mask(|_, _| true),
        &[crate::testing::UNSEEN; 10],
    )
    .unwrap();
    let stage = Stage::new(&person, 40, 50);
    assert_eq!(
        rendered(&stage, &person, &[(&Worn::new(garment, &person), None)]).len(),
        2000
    );
}
