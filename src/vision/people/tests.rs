#![allow(clippy::expect_used)]

use super::*;
use crate::KeyPoint;
use serde_json::{Value, json};

fn segmentation(change: impl FnOnce(&mut Value)) -> Segmentation {
    let mut settings = json!({
        "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "channels": "RGB", "layout": "NCHW",
        "activation": "sigmoid", "person": 0,
    });
    change(&mut settings);
    serde_json::from_value(settings).expect("settings")
}

fn pose(change: impl FnOnce(&mut Value)) -> Pose {
    let mut settings = json!({
        "mean": [0, 0, 0], "std": [1, 1, 1], "channels": "RGB", "layout": "NCHW",
        "kind": "coordinates", "points": {"nose": [0], "neck": [0, 1]},
    });
    change(&mut settings);
    serde_json::from_value(settings).expect("settings")
}

fn red() -> Vec<u8> {
    [255, 0, 0, 255].repeat(4)
}

#[test]
fn a_field_that_nothing_reads_is_named() {
    let found = serde_json::from_value::<Settings>(json!({"segmentaton": {}}));
    assert!(
        found
            .expect_err("a typo")
            .to_string()
            .contains("segmentaton")
    );
    let wrong = json!({"mean": [0, 0, 0], "std": [1, 1, 1], "channels": "RGB", "layout": "NCHW", "activation": "sigmoid", "person": 0, "har": 1});
    let found = serde_json::from_value::<Segmentation>(wrong);
    assert!(found.expect_err("a typo").to_string().contains("har"));
}

#[test]
fn settings_are_written_as_they_are_read() {
    let settings = Settings {
        segmentation: Some(segmentation(|s| s["hair"] = json!(2))),
        pose: Some(pose(|p| p["file"] = json!("pose.onnx"))),
    };
    assert_eq!(settings.check(), Ok(()));
    let json = serde_json::to_value(&settings).expect("plain data");
    assert_eq!(json["segmentation"]["hair"], 2);
    assert_eq!(
        serde_json::from_value::<Settings>(json).expect("settings"),
        settings
    );
}

#[test]
fn a_deviation_of_zero_and_a_point_of_three_are_refused() {
    let check = |segmentation, pose| Settings { segmentation, pose }.check();
    let zero = segmentation(|s| s["std"] = json!([1, 0, 1]));
    assert!(matches!(
        check(Some(zero), None),
        Err(SettingsError::Settings {
            model: "segmentation",
            ..
        })
    ));
    for of in [json!([]), json!([1, 2, 3])] {
        let three = pose(|p| p["points"]["nose"] = of);
        let found = check(None, Some(three)).expect_err("three numbers");
        assert!(found.to_string().contains("nose"), "{found}");
    }
}

#[test]
fn a_picture_is_read_in_the_model_s_order() {
    let pixels = red();
    let picture = Picture::new(2, 2, &pixels).expect("a picture");
    let planes = segmentation(|_| ()).tensor(&picture, &[1, 3, 1, 2]);
    assert_eq!(planes, Ok(vec![1.0, 1.0, -1.0, -1.0, -1.0, -1.0]));
    let pixels = segmentation(|s| s["layout"] = json!("NHWC")).tensor(&picture, &[1, 1, 2, 3]);
    assert_eq!(pixels, Ok(vec![1.0, -1.0, -1.0, 1.0, -1.0, -1.0]));
    let bgr = segmentation(|s| s["channels"] = json!("BGR")).tensor(&picture, &[1, 3, 1, 1]);
    assert_eq!(bgr, Ok(vec![-1.0, -1.0, 1.0]));
}

#[test]
fn inputs_of_other_shapes_are_refused() {
    let pixels = red();
    let picture = Picture::new(2, 2, &pixels).expect("a picture");
    for shape in [
        &[][..],
        &[1, 1, 2, 2],
        &[2, 3, 2, 2],
        &[1, 3, 0, 2],
        &[1, 3, 1, 1 << 40],
        &[1, 3, usize::MAX, usize::MAX],
    ] {
        let found = segmentation(|_| ()).tensor(&picture, shape);
        assert!(
            matches!(found, Err(SettingsError::Shape { port: "input", .. })),
            "{shape:?}"
        );
    }
}

#[test]
fn parts_are_where_their_channel_is_above_one_half() {
    let logits = [-1.0, 1.0, 3.0, -3.0]; // two channels of 1 × 2 cells
    let found = segmentation(|s| s["hair"] = json!(1))
        .read(&logits, &[1, 2, 1, 2])
        .expect("regions");
    assert!(!found.person.inside(0, 0) && found.person.inside(0, 1));
    assert!(found.hair.inside(0, 0) && !found.hair.inside(0, 1));
    assert_eq!(
        found.arms.area(),
        0.0,
        "a model that doesn't know arms sees none"
    );
    let softmax = segmentation(|s| s["activation"] = json!("softmax"))
        .read(&logits, &[1, 2, 1, 2])
        .expect("regions");
    let apart = softmax.person.logits().iter().zip([-4.0, 4.0]);
    assert!(
        apart
            .into_iter()
            .all(|(found, expected)| (found - expected).abs() < 1e-4)
    );
    let shares = segmentation(|s| s["activation"] = json!("none"))
        .read(&[0.2, 0.9, 7.0, -1.0], &[1, 1, 2, 2])
        .expect("regions");
    assert_eq!(
        [0, 1, 2, 3].map(|cell| shares.person.inside(cell / 2, cell % 2)),
        [false, true, true, false]
    );
}

#[test]
fn channels_that_come_last_are_read_so() {
    let last = segmentation(|s| (s["layout"], s["person"]) = (json!("NHWC"), json!(1)));
    let found = last
        .read(&[-1.0, 1.0, 1.0, -1.0], &[1, 1, 2, 2])
        .expect("regions");
    assert!(found.person.inside(0, 0) && !found.person.inside(0, 1));
}

#[test]
fn outputs_that_lack_a_channel_or_are_no_numbers_are_refused() {
    let wants_third = segmentation(|s| s["arms"] = json!(2));
    let found = wants_third
        .read(&[0.0; 4], &[1, 2, 1, 2])
        .expect_err("two channels");
    assert!(found.to_string().contains("at least 3"), "{found}");
    let endless = segmentation(|s| s["person"] = json!(u32::MAX));
    assert!(endless.read(&[0.0; 4], &[1, 2, 1, 2]).is_err());
    assert!(
        segmentation(|_| ()).read(&[0.0; 3], &[1, 2, 1, 2]).is_err(),
        "fewer values than the shape has"
    );
    let nan = segmentation(|_| ()).read(&[0.0, f32::NAN], &[1, 1, 1, 2]);
    assert_eq!(
        nan,
        Err(SettingsError::NotFinite {
            model: "segmentation",
            at: 1
        })
    );
}

#[test]
fn coordinates_are_brought_to_parts_of_the_picture() {
    let pixels = pose(|p| (p["units"], p["order"]) = (json!("pixels"), json!("yx")));
    let found = pixels
        .read(
            &[24.0, 10.0, 0.9, 48.0, 30.0, 0.1],
            &[1, 2, 3],
            &[1, 3, 96, 40],
        )
        .expect("points");
    let nose = found[KeyPoint::Nose as usize];
    assert_eq!((nose.x, nose.y, nose.visible), (0.25, 0.25, true));
    let neck = found[KeyPoint::Neck as usize];
    assert_eq!(
        (neck.x, neck.y, neck.visible),
        (0.5, 0.375, false),
        "the middle of two, of which one isn't seen"
    );
    assert!(
        !found[KeyPoint::HipLeft as usize].visible,
        "a point that the settings don't name"
    );
}

#[test]
fn points_without_a_score_are_seen() {
    let found = pose(|_| ())
        .read(&[0.1, 0.2, 0.3, 0.4], &[1, 2, 2], &[1, 3, 8, 8])
        .expect("points");
    assert!(found[0].visible && found[1].visible);
}

#[test]
fn heat_maps_are_read_a_quarter_towards_the_higher_neighbour() {
    let heat = pose(|p| (p["kind"], p["points"]) = (json!("heatmaps"), json!({"nose": [0]})));
    let map = [0.0, 0.1, 0.0, 0.2, 0.9, 0.5, 0.0, 0.0, 0.0];
    let nose = heat
        .read(&map, &[1, 1, 3, 3], &[1, 3, 8, 8])
        .expect("points")[0];
    assert!(
        (nose.x - 1.75 / 3.0).abs() < 1e-6 && (nose.y - 1.25 / 3.0).abs() < 1e-6,
        "{nose:?}"
    );
    let flat = heat
        .read(&[0.5], &[1, 1, 1, 1], &[1, 3, 8, 8])
        .expect("points")[0];
    assert_eq!((flat.x, flat.y), (0.5, 0.5), "one cell has no neighbours");
}

#[test]
fn outputs_of_another_kind_are_refused() {
    for (values, shape) in [
        (4, &[1, 2, 1, 2][..]),
        (4, &[4]),
        (6, &[2, 1, 3]),
        (2, &[1, 1, 2]),
        (0, &[1, 0, 2]),
    ] {
        let found = pose(|_| ()).read(&vec![0.0; values], shape, &[1, 3, 8, 8]);
        assert!(
            matches!(found, Err(SettingsError::Shape { port: "output", .. })),
            "{shape:?}: {found:?}"
        );
    }
}
