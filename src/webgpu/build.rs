//! Takes comments and indentation off the shaders: they go to every shopper.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=shaders");
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir("shaders")? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        // WGSL has no strings that could hold two slashes.
        let lines = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or(""));
        let lines: Vec<&str> = lines
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let name = path.file_name().ok_or("a shader without a name")?;
        fs::write(Path::new(&out).join(name), lines.join("\n"))?;
    }
    Ok(())
}
