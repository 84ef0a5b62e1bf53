//! Published models (`$NEARSHELF_DATA/onnx-public`), one fixed input each.

use crate::case::{self, Compared};
use std::path::{Path, PathBuf};

/// Largest difference from ONNX Runtime, relative to the larger of 1 and the largest output.
const TOLERANCE: f64 = 1e-4;

/// How an output is judged.
#[derive(PartialEq)]
enum Kind {
    Values,
    /// Values, and the largest of each row in the same place.
    Classes,
    /// Within one step of the quantized output.
    Quantized,
    /// Runs and gives the reference's values, which are all the same: the file's weights are filler.
    RunsOnly,
}

/// Every file that is covered.
const COVERED: &[(&str, Kind)] = &[
    ("SqueezeNet_fp16", Kind::Classes),
    ("candy", Kind::Values),
    ("dtln_1", Kind::Values),
    ("dtln_2", Kind::Values),
    ("light/light_bvlc_alexnet", Kind::RunsOnly),
    ("light/light_densenet121", Kind::RunsOnly),
    ("light/light_inception_v1", Kind::RunsOnly),
    ("light/light_inception_v2", Kind::RunsOnly),
    ("light/light_resnet50", Kind::RunsOnly),
    ("light/light_shufflenet", Kind::RunsOnly),
    ("light/light_squeezenet", Kind::RunsOnly),
    ("light/light_vgg19", Kind::RunsOnly),
    ("light/light_zfnet512", Kind::RunsOnly),
    ("magika_v3_3", Kind::Classes),
    ("mnist", Kind::Classes),
    ("tract_qtdnn", Kind::Quantized),
    ("ultraface_rfb320_simplified", Kind::Classes),
    ("ultraface_slim320_nopost", Kind::Classes),
    ("vespa_dummy_transformer", Kind::Values),
];

fn folder() -> Option<PathBuf> {
    let folder = nearshelf_tests::data()
        .map(|data| data.join("onnx-public"))
        .filter(|folder| folder.is_dir());
    if folder.is_none() {
        assert!(
            std::env::var_os("REQUIRE_DATA").is_none(),
            "REQUIRE_DATA is set, but there is no onnx-public in $NEARSHELF_DATA"
        );
        println!("SKIPPED: no onnx-public in $NEARSHELF_DATA (default ../shared/data)");
    }
    folder
}

/// Names of the `.onnx` files of `folder` and its `light/`, without their ending.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for part in ["", "light"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(name) = name.strip_suffix(".onnx") {
                names.push(Path::new(part).join(name).to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names
}

fn verdict(kind: &Kind, outputs: &[Compared]) -> Result<f64, String> {
    let mut worst = 0.0_f64;
    for output in outputs {
        let difference = output.difference();
        let allowed = match kind {
            Kind::Quantized => output.step() * 1.001,
            Kind::Values | Kind::Classes | Kind::RunsOnly => {
                TOLERANCE * output.magnitude().max(1.0)
            }
        };
        if difference > allowed {
            return Err(format!(
                "{}: differs by {difference:.3e}, allowed {allowed:.3e}",
                output.name
            ));
        }
        if output.is_constant() != (*kind == Kind::RunsOnly) {
            return Err(format!(
                "{}: its reference is of another kind than stated",
                output.name
            ));
        }
        if *kind == Kind::Classes && Compared::top(&output.found) != Compared::top(&output.expected)
        {
            return Err(format!("{}: another class wins", output.name));
        }
        worst = worst.max(difference);
    }
    Ok(worst)
}

#[test]
fn every_published_model_agrees_with_onnx_runtime() {
    let Some(folder) = folder() else {
        return;
    };
    let (mut covered, mut others, mut only_run) = (Vec::new(), Vec::new(), 0);
    for name in names(&folder) {
        let kind = COVERED
            .iter()
            .find(|(covered, _)| *covered == name)
            .map_or(&Kind::Values, |(_, kind)| kind);
        let (onnx, reference) = (
            folder.join(format!("{name}.onnx")),
            folder.join(format!("{name}.ref.npz")),
        );
        let judged = match case::run(&onnx, &reference) {
            Ok(outputs) => verdict(kind, &outputs),
            Err(failure) => Err(failure.to_string()),
        };
        match judged {
            Ok(difference) => {
                if *kind == Kind::RunsOnly {
                    println!("{name:<32} runs; its reference is one constant");
                    only_run += 1;
                } else {
                    println!("{name:<32} agrees, largest difference {difference:.1e}");
                }
                covered.push(name);
            }
            Err(reason) => {
                println!("{name:<32} {reason}");
                others.push((name, reason));
            }
        }
    }
    println!(
        "{} of {} agree, {only_run} run and have nothing to agree with; not covered:",
        covered.len() - only_run,
        covered.len() + others.len()
    );
    for (name, reason) in &others {
        println!("  {name}: {reason}");
    }
    if others.is_empty() {
        println!("  none");
    }
    assert_eq!(others, []);
    assert_eq!(
        covered,
        COVERED.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
}

#[test]
fn mnist_gives_the_official_answers() {
    let Some(folder) = folder() else {
        return;
    };
    for (pair, digit) in [2, 0, 9].into_iter().enumerate() {
        let outputs = case::run(
            &folder.join("mnist.onnx"),
            &folder.join(format!("mnist.pair{pair}.npz")),
        )
        .unwrap();
        assert_eq!(Compared::top(&outputs[0].found), [digit], "pair {pair}");
        verdict(&Kind::Classes, &outputs).unwrap();
    }
}
