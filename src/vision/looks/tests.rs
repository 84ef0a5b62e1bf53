#![allow(clippy::expect_used)]

use super::testing::{look, looks};
use super::*;
use crate::{GarmentOutputs, Mask};

#[test]
fn an_item_has_the_look_that_was_put_in() {
    let (hat, dress) = (
        look(Category::Hat, &["#202020"]),
        look(Category::Dress, &["#c81e26", "#ffffff"]),
    );
    let found = looks(&[(7, hat.clone()), (2, dress.clone())]);
    assert_eq!(found.items(), [2, 7]);
    assert_eq!(found.get(7), Some(hat));
    assert_eq!(found.get(2), Some(dress));
    assert_eq!(found.get(3), None);
}

#[test]
fn a_second_look_of_an_item_takes_the_place_of_the_first() {
    let mut found = looks(&[(1, look(Category::Hat, &[])), (2, look(Category::Hat, &[]))]);
    found.insert(1, &look(Category::Shoes, &["#ffffff"]));
    assert_eq!(found.len(), 2);
    assert_eq!(found.get(1), Some(look(Category::Shoes, &["#ffffff"])));
    assert_eq!(found.get(2), Some(look(Category::Hat, &[])));
}

#[test]
fn a_look_keeps_what_the_models_say() {
    let mut embedding = [0.0; 128];
    embedding[5] = 2.0;
    let garment = Garment::read(&GarmentOutputs {
        category: &[0.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        attributes: &[0.0; 24],
        embedding: &embedding,
        mask: &[1.0; 6400],
        landmarks: &[0.0; 30],
    });
    let garment = garment.expect("a garment");
    assert_eq!(
        garment.mask,
        Mask::new(80, 80, vec![1.0; 6400]).expect("a mask")
    );
    let colour = Swatch {
        lab: OkLab::from_srgb([200, 30, 38]),
        share: 0.999,
    };
    let look = Look::of(&garment, &[colour; 7]);
    assert_eq!(
        (look.category, look.colour()),
        (Category::Hat, Some(ColourName::Red))
    );
    assert!(look.probability > 0.99 && look.palette.len() == 5);
    assert_eq!(look.embedding.values[5], 127);
    assert_eq!(
        looks(&[(0, look.clone())]).get(0),
        Some(look),
        "nothing is lost when it is stored"
    );
}
