//! A crate depends only on lower floors, and heavy dependencies stay in the crate that needs them.
//!
//! Asked of cargo itself, so that a new dependency can't slip past a list kept by hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Floor of each crate, as ARCHITECTURE.md draws it.
const FLOORS: &[(&str, u8)] = &[
    ("nearshelf-operators", 0),
    ("nearshelf-catalogue", 0),
    ("nearshelf-retrieval", 0),
    ("nearshelf-text", 0),
    ("nearshelf-vision", 0),
    ("nearshelf-kernels", 1),
    ("nearshelf-try-on", 1),
    ("nearshelf-pictures", 1),
    ("nearshelf-engine", 2),
    ("nearshelf-onnx", 3),
    ("nearshelf-webgpu", 3),
    ("nearshelf-recommend", 4),
    ("nearshelf-chat", 4),
    ("nearshelf-web-session", 4),
    ("nearshelf-web", 5),
    ("nearshelf-web-onnx", 5),
    ("nearshelf-web-chat", 5),
    ("nearshelf-web-search", 5),
    ("nearshelf-web-shards", 5),
    ("nearshelf-web-vision", 5),
    ("nearshelf-cli", 5),
];

/// Dependencies that only the named crates may reach, directly or through others.
const KEPT_IN: &[(&str, &[&str])] = &[
    (
        "tract-onnx",
        &["nearshelf-onnx", "nearshelf-web-onnx", "nearshelf-cli"],
    ),
    (
        "wgpu",
        &["nearshelf-webgpu", "nearshelf-web", "nearshelf-cli"],
    ),
    (
        "wasm-bindgen",
        &[
            "nearshelf-web-session",
            "nearshelf-web",
            "nearshelf-web-onnx",
            "nearshelf-web-chat",
            "nearshelf-web-search",
            "nearshelf-web-shards",
            "nearshelf-web-vision",
        ],
    ),
    (
        "js-sys",
        &[
            "nearshelf-web-session",
            "nearshelf-web",
            "nearshelf-web-onnx",
            "nearshelf-web-chat",
            "nearshelf-web-search",
            "nearshelf-web-shards",
            "nearshelf-web-vision",
        ],
    ),
    ("web-sys", &["nearshelf-web", "nearshelf-web-onnx"]),
    ("clap", &["nearshelf-cli"]),
    ("image", &["nearshelf-pictures", "nearshelf-cli"]),
    ("resvg", &["nearshelf-pictures", "nearshelf-cli"]),
];

/// Names of all packages in the normal dependency tree of `package`, itself left out.
fn dependencies_of(package: &str, depth: Option<u8>) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "tree",
            "--offline",
            "--package",
            package,
            "--edges",
            "normal",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(nearshelf_tests::root());
    if let Some(depth) = depth {
        command.args(["--depth", &depth.to_string()]);
    }
    let output = command.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo tree failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("package names are UTF-8")
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != package)
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_crate_depends_only_on_lower_floors() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    for (package, floor) in FLOORS {
        for dependency in dependencies_of(package, Some(1)) {
            if let Some(below) = floors.get(dependency.as_str()) {
                assert!(
                    below < floor,
                    "{package} (floor {floor}) depends on {dependency} (floor {below})"
                );
            }
        }
    }
}

#[test]
fn every_crate_of_the_product_has_a_floor() {
    let named: BTreeSet<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    for folder in std::fs::read_dir(nearshelf_tests::root().join("src")).expect("src is there") {
        let manifest = folder.expect("entry").path().join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).expect("every folder of src is a crate");
        let name = text
            .lines()
            .find_map(|line| line.strip_prefix("name = "))
            .expect("a package name")
            .trim_matches('"');
        assert!(
            named.contains(name) || name == "nearshelf-bundle",
            "{name} is missing from FLOORS (nearshelf-bundle is a build tool and has none)"
        );
    }
}

#[test]
fn heavy_dependencies_stay_in_the_crates_that_need_them() {
    for (package, _) in FLOORS {
        let reached = dependencies_of(package, None);
        for (dependency, allowed) in KEPT_IN {
            assert!(
                !reached.contains(*dependency) || allowed.contains(package),
                "{package} reaches {dependency}, which belongs to {allowed:?}"
            );
        }
    }
}
