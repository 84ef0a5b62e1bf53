//! What was fitted to a shop.

use super::*;

/// A pack whose pairs were weighed by regression.
pub(super) fn regressed(count: usize) -> Pack {
    let mut pack = pack(count);
    let list = |item: usize| Neighbour {
        item: ((item + 1) % count) as u32,
        weight: 1.0,
    };
    let lists: Vec<_> = (0..count).map(|item| vec![list(item)]).collect();
    pack.neighbours.push(NeighbourKind::Fitted, &lists);
    pack
}

/// A pack with what was fitted to the shop.
pub(super) fn fitted_pack(count: usize) -> Pack {
    let mut pack = regressed(count);
    pack.blend = Some(BLEND);
    pack.text_embeddings = pack.embeddings.take();
    pack.text_mean = vec![0.25, -0.5];
    let rows: Vec<f32> = (0..count * 16).map(|n| n as f32).collect();
    pack.embeddings = Some(Embeddings::quantize_as_is(16, &rows));
    pack
}

const BLEND: ForYouBlend = ForYouBlend {
    model: 1.0,
    temperature: 0.5,
    neighbours: 0.25,
    neighbours_power: 0.5,
    popularity: 0.0,
    newest: 8,
    decay: 0.75,
    own: 0.0,
    own_space: true,
};

#[test]
fn what_was_fitted_is_written_as_format_2_and_read_in_any_order() {
    let original = fitted_pack(writer::ITEMS_A_CHUNK + 1);
    let mut files = files(&original);
    assert_eq!(Manifest::from_json(manifest(&files)).unwrap().version, 2);
    assert_same(&original, &read(&files).unwrap());
    let last = files.len() - 1;
    files[..last].reverse();
    assert_same(&original, &read(&files).unwrap());
    let plain = self::files(&pack(5));
    assert_eq!(Manifest::from_json(manifest(&plain)).unwrap().version, 1);
}

#[test]
fn texts_are_compared_in_the_encoders_own_space() {
    assert_eq!(pack(3).text_space(), pack(3).embeddings.as_ref());
    assert_eq!(fitted_pack(3).text_space(), pack(3).embeddings.as_ref());
}

#[test]
fn centred_rows_have_lost_what_all_share_and_queries_lose_it_too() {
    let rows = [1.0, 0.0, 0.0, 0.0, 0.6, 0.8];
    let (centred, mean) = Embeddings::centred(2, &rows);
    assert_eq!(mean, [0.8, 0.4], "a row of zeros is no part of it");
    let opposite = |at: usize| f32::from(centred.values[at]) * centred.scales[at / 2];
    assert!((opposite(0) + opposite(4)).abs() < 0.02 && (opposite(1) + opposite(5)).abs() < 0.02);
    assert_eq!(centred.scales[1], 0.0);
    let pack = Pack {
        text_mean: mean,
        ..Pack::default()
    };
    let query = pack.text_query(&[1.0, 0.0]);
    assert!((query[0] - opposite(0)).abs() < 0.02 && (query[1] - opposite(1)).abs() < 0.02);
    assert_eq!(pack.text_query(&[0.0, 0.0]), [0.0, 0.0]);
    assert_eq!(Pack::default().text_query(&[3.0, 4.0]), [3.0, 4.0]);
    assert!(Embeddings::centred(0, &[]).1.is_empty());
}

#[test]
fn a_blend_that_makes_no_sense_is_refused() {
    let nan = f32::NAN;
    for blend in [
        ForYouBlend {
            temperature: 0.0,
            ..BLEND
        },
        ForYouBlend {
            decay: 1.5,
            ..BLEND
        },
        ForYouBlend {
            model: -1.0,
            ..BLEND
        },
        ForYouBlend {
            popularity: nan,
            ..BLEND
        },
        ForYouBlend {
            neighbours_power: nan,
            ..BLEND
        },
    ] {
        assert!(blend.problem().is_some(), "{blend:?}");
    }
    let files = files(&fitted_pack(5));
    let text = std::str::from_utf8(manifest(&files)).unwrap();
    let text = text.replacen("\"decay\": 0.75", "\"decay\": 7.5", 1);
    let error = PackReader::new(text.as_bytes()).unwrap_err();
    assert!(matches!(error, PackError::BadManifest { .. }), "{error}");
}
