//! Makes the shaders short, as they go to every shopper: without comments and idle spaces, and with names of one or two
//! letters. A name becomes the same one in all files: parts of a shader are files of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::{env, error::Error, fs, iter::Peekable, path::Path, str::Chars};

/// Words of WGSL that shaders have variables of, too.
const WORDS: &[&str] = &[
    "all", "distance", "length", "main", "round", "select", "sign", "step",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=shaders");
    let out = env::var("OUT_DIR")?;
    let mut files = BTreeMap::new();
    for entry in fs::read_dir("shaders")? {
        let path = entry?.path();
        let name = path
            .file_name()
            .ok_or("a shader without a name")?
            .to_owned();
        files.insert(name, tokens(&fs::read_to_string(&path)?));
    }
    let names = short_names(files.values());
    for (file, tokens) in &files {
        fs::write(Path::new(&out).join(file), written(tokens, &names))?;
    }
    Ok(())
}

/// A word, a number or a sign, and whether something idle stands before it.
struct Token {
    text: String,
    is_apart: bool,
}

impl Token {
    fn is_name(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for line in text.lines() {
        // WGSL has no strings that could hold two slashes.
        let line = line.split("//").next().unwrap_or("");
        let mut chars = line.chars().peekable();
        let mut is_apart = true;
        while let Some(&first) = chars.peek() {
            if first.is_whitespace() {
                chars.next();
                is_apart = true;
                continue;
            }
            let text = if first.is_ascii_alphanumeric() || first == '_' {
                word(&mut chars)
            } else {
                chars.next();
                first.to_string()
            };
            tokens.push(Token { text, is_apart });
            is_apart = false;
        }
    }
    tokens
}

/// A word or a number; of numbers with a point and an exponent, too.
fn word(chars: &mut Peekable<Chars>) -> String {
    let mut text = String::new();
    while let Some(&next) = chars.peek() {
        let is_number = text.starts_with(|c: char| c.is_ascii_digit());
        let is_exponent = text.ends_with('e') && is_number && !text.starts_with("0x");
        let continues = next.is_ascii_alphanumeric()
            || next == '_'
            || is_number && next == '.'
            || is_exponent && (next == '-' || next == '+');
        if !continues {
            break;
        }
        text.push(next);
        chars.next();
    }
    text
}

/// Names for what the files declare, the shortest for what is named most. `override` constants keep theirs, which Rust
/// names, and so does what may be a part of a vector.
fn short_names<'a>(files: impl Iterator<Item = &'a Vec<Token>>) -> BTreeMap<&'a str, String> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut declared, mut kept) = (BTreeSet::new(), BTreeSet::from_iter(WORDS.iter().copied()));
    for tokens in files {
        let mut before = "";
        for (at, token) in tokens.iter().enumerate() {
            let text = token.text.as_str();
            if token.is_name() {
                *uses.entry(text).or_default() += 1;
                let next = tokens.get(at + 1).map_or("", |next| next.text.as_str());
                if before == "override" || text.chars().all(|c| "xyzwrgba".contains(c)) {
                    kept.insert(text);
                } else if matches!(before, "fn" | "let" | "var" | "const" | "alias" | "struct")
                    || next == ":" && text != "default"
                {
                    declared.insert(text);
                }
            }
            before = text;
        }
    }
    let mut renamed: Vec<&str> = declared.difference(&kept).copied().collect();
    renamed.sort_by_key(|name| std::cmp::Reverse(uses[name]));
    let letters = || ('a'..='z').chain('A'..='Z');
    let one = letters().map(String::from);
    // No word of WGSL has a capital or a digit in its second place.
    let seconds = || ('A'..='Z').chain('0'..='9');
    let two = letters().flat_map(|a| seconds().map(move |b| format!("{a}{b}")));
    let free = one
        .chain(two)
        .filter(|name| !uses.contains_key(name.as_str()));
    renamed.into_iter().zip(free).collect()
}

fn written(tokens: &[Token], names: &BTreeMap<&str, String>) -> String {
    let mut text = String::new();
    for token in tokens {
        // Words would become one, and so might signs.
        let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let in_sign = |c: char| "+-*/%&|^<>=!".contains(c);
        let joins = [in_word as fn(char) -> bool, in_sign as fn(char) -> bool];
        let would_join = joins
            .iter()
            .any(|&joins| text.ends_with(joins) && token.text.starts_with(joins));
        if would_join && token.is_apart {
            text.push(' ');
        }
        let is_attribute = text.ends_with('@');
        let short = names.get(token.text.as_str()).filter(|_| !is_attribute);
        text.push_str(short.unwrap_or(&token.text));
    }
    text
}
