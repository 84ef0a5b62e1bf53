//! What a shopper does, from one end to the other.

use crate::testing::{mask, person, plain, shirt, trousers};
use crate::*;
use nearshelf_vision::Category;

fn dressed() -> TryOn {
    let mut session = TryOn::new();
    session.set_person(person());
    session.put_on(Slot::Top, shirt()).unwrap();
    session.put_on(Slot::Bottom, trousers()).unwrap();
    session
}

fn frame(session: &mut TryOn) -> Vec<u32> {
    session.render(160, 200).unwrap()
}

fn count(frame: &[u32], is: impl Fn([u8; 4]) -> bool) -> usize {
    frame.iter().filter(|pixel| is(pixel.to_le_bytes())).count()
}

fn red([r, g, b, _]: [u8; 4]) -> bool {
    r > 110 && g < 70 && b < 80
}

fn blue([r, g, b, _]: [u8; 4]) -> bool {
    b > 100 && r < 60 && g < 90
}

#[test]
fn without_anybody_nothing_is_put_on_or_rendered() {
    let mut session = TryOn::new();
    assert_eq!(session.put_on(Slot::Top, shirt()), Err(TryOnError::Empty));
    assert_eq!(session.render(10, 10), Err(TryOnError::Empty));
    assert_eq!(session.size(), None);
    assert!(session.slots().is_empty() && !session.undo() && !session.redo());
}

#[test]
fn garments_are_painted_from_behind_to_before_and_tucking_in_changes_that() {
    let mut session = dressed();
    assert_eq!(session.slots(), [Slot::Bottom, Slot::Top]);
    let over = count(&frame(&mut session), blue);
    session.set_tucked_in(true);
    assert_eq!(session.slots(), [Slot::Top, Slot::Bottom]);
    let tucked = frame(&mut session);
    assert!(count(&tucked, blue) > over + 100);
    assert!(count(&tucked, red) > 500);
}

#[test]
fn a_dress_takes_the_place_of_top_and_bottom_and_either_takes_its() {
    let mut session = dressed();
    session.put_on(Slot::Outer, shirt()).unwrap();
    session.put_on(Slot::Dress, shirt()).unwrap();
    assert_eq!(session.slots(), [Slot::Dress, Slot::Outer]);
    session.put_on(Slot::Bottom, trousers()).unwrap();
    assert_eq!(session.slots(), [Slot::Bottom, Slot::Outer]);
}

#[test]
fn a_handle_that_is_moved_moves_pixels_and_comes_back() {
    let mut session = dressed();
    let before = frame(&mut session);
    let handles = session.handles(Slot::Top).unwrap();
    assert_eq!(handles.len(), 10);
    assert!(handles.iter().all(|handle| !handle.estimated));
    session.remember();
    session
        .move_handle(Slot::Top, 6, handles[6].x - 0.1, handles[6].y + 0.05)
        .unwrap();
    let moved = session.handles(Slot::Top).unwrap()[6];
    assert!((moved.x - handles[6].x + 0.1).abs() < 1e-9);
    let after = frame(&mut session);
    assert!(before.iter().zip(&after).filter(|(a, b)| a != b).count() > 100);
    assert!(session.undo());
    assert_eq!(frame(&mut session), before);
    assert!(session.redo());
    assert_eq!(frame(&mut session), after);
    session.reset_handles(Slot::Top).unwrap();
    assert_eq!(frame(&mut session), before);
    assert!(session.undo());
    assert_eq!(frame(&mut session), after);
}

#[test]
fn handles_that_cannot_be_are_refused_and_far_ones_held_near() {
    let mut session = dressed();
    for (number, x, y) in [
        (0, f64::NAN, 0.5),
        (0, 0.5, f64::INFINITY),
        (10, 0.5, 0.5),
        (usize::MAX, 0.5, 0.5),
    ] {
        assert_eq!(
            session
                .move_handle(Slot::Top, number, x, y)
                .unwrap_err()
                .code(),
            "request-invalid"
        );
    }
    session.move_handle(Slot::Top, 0, -9e300, 9e300).unwrap();
    let held = session.handles(Slot::Top).unwrap()[0];
    assert_eq!((held.x, held.y), (-0.5, 1.5));
    frame(&mut session);
    assert_eq!(
        session.move_handle(Slot::Dress, 0, 0.5, 0.5),
        Err(TryOnError::NotWorn { slot: Slot::Dress })
    );
}

#[test]
fn a_colour_and_a_pattern_are_put_on_and_undone() {
    let mut session = dressed();
    let before = frame(&mut session);
    session.set_colour(Slot::Top, Some([40, 160, 60])).unwrap();
    let green = |[r, g, b, _]: [u8; 4]| g > r.saturating_add(40) && g > b.saturating_add(40);
    let green_count = count(&frame(&mut session), green);
    assert!(green_count > 1000, "{green_count}");
    let dots = Pattern {
        figure: Figure::Dots,
        colour: [255; 3],
        scale: 0.2,
        angle: 10.0,
    };
    session.set_pattern(Slot::Top, Some(dots)).unwrap();
    let dotted = count(&frame(&mut session), green);
    assert!(dotted < green_count - 100 && dotted > 500, "{dotted}");
    assert_eq!(
        session
            .set_pattern(
                Slot::Top,
                Some(Pattern {
                    scale: f64::NAN,
                    ..dots
                })
            )
            .unwrap_err()
            .code(),
        "request-invalid"
    );
    assert!(session.undo() && session.undo());
    assert_eq!(frame(&mut session), before);
    assert_eq!(session.worn(Slot::Top).unwrap().look, Look::default());
}

#[test]
fn somebody_else_wears_the_same() {
    let mut session = dressed();
    session.set_colour(Slot::Top, Some([40, 160, 60])).unwrap();
    session.set_person(mannequin("round", "tone-4").unwrap());
    assert_eq!(session.slots(), [Slot::Bottom, Slot::Top]);
    assert_eq!(session.can_undo_redo(), (false, false));
    assert_eq!(
        session.worn(Slot::Top).unwrap().look.colour,
        Some([40, 160, 60])
    );
    assert_eq!(session.size(), Some((640, 960)));
    let frame = session.render(64, 96).unwrap();
    assert!(
        count(&frame, |[r, g, b, _]| g > r.saturating_add(40)
            && g > b.saturating_add(40))
            > 100
    );
}

#[test]
fn what_is_taken_off_is_gone() {
    let mut session = dressed();
    session.take_off(Slot::Top);
    session.take_off(Slot::Outer);
    assert_eq!(session.slots(), [Slot::Bottom]);
    assert_eq!(count(&frame(&mut session), red), 0);
    session.take_off(Slot::Bottom);
    assert_eq!(
        frame(&mut session),
        session.render_before(160, 200).unwrap()
    );
}

#[test]
fn extents_that_cannot_be_are_refused() {
    let mut session = dressed();
    for (width, height) in [(0, 10), (10, 0), (2049, 1), (usize::MAX, usize::MAX)] {
        assert_eq!(
            session.render(width, height).unwrap_err().code(),
            "request-invalid"
        );
    }
    assert!(session.render_garment(Slot::Top, 0).is_err());
    let alone = session.render_garment(Slot::Top, 50).unwrap();
    assert_eq!((alone.width, alone.height), (50, 50));
    assert!(
        alone.rgba.iter().any(|pixel| pixel[3] == 0)
            && alone.rgba.iter().any(|pixel| pixel[3] == 255)
    );
}

#[test]
fn hats_shoes_and_empty_masks_are_refused() {
    for (category, code) in [
        (Category::Hat, "garment-unsuitable"),
        (Category::Shoes, "garment-unsuitable"),
        (Category::Shirt, "garment-not-found"),
    ] {
        let mask = mask(|_, _| category != Category::Shirt);
        let refused =
            Garment::new(category, plain(9, 9, [7; 3]), &mask, &[testing::UNSEEN; 10]).unwrap_err();
        assert_eq!(refused.code(), code);
        assert_eq!(Slot::of(category).is_some(), category == Category::Shirt);
    }
}

#[test]
fn the_main_colour_is_the_garments_and_not_its_grounds() {
    let [red, green, blue] = shirt().main;
    assert!(
        red.abs_diff(190) < 6 && green.abs_diff(30) < 6 && blue.abs_diff(40) < 6,
        "{red} {green} {blue}"
    );
}
