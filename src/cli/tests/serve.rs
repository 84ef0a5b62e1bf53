//! The static server over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

struct Served {
    process: Child,
    address: String,
    first_line: String,
    _folder: TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Beyond what the server's library would send in chunks by itself.
const LARGE_BYTES: usize = 100_000;

/// A pack folder at /nearshelf/ and a shop at /, on any free port.
fn serve() -> Served {
    let mut served = start(&[]);
    let address = served.first_line.trim().trim_start_matches("http://");
    served.address = address.trim_end_matches('/').to_owned();
    served
}

/// The same; the address is left to read from the first line.
fn start(more: &[&str]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let (pack, shop) = (folder.path().join("pack"), folder.path().join("shop"));
    fs::create_dir_all(pack.join("widget")).unwrap();
    fs::create_dir_all(shop.join("sub")).unwrap();
    fs::write(pack.join("manifest.json"), "{}").unwrap();
    fs::write(pack.join("items-0123456789abcdef.bin"), "0123456789").unwrap();
    fs::write(pack.join("large.png"), vec![7; LARGE_BYTES]).unwrap();
    fs::write(pack.join("widget/nearshelf.js"), "export {};".repeat(100)).unwrap();
    fs::write(pack.join("widget/a.wasm"), [0, 0x61, 0x73, 0x6d]).unwrap();
    fs::write(shop.join("index.html"), "<h1>shop</h1>").unwrap();
    fs::write(shop.join("sub/index.html"), "sub").unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("secret.txt"), shop.join("link.txt")).unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_nearshelf"))
        .args([
            "serve",
            pack.to_str().unwrap(),
            "--shop",
            shop.to_str().unwrap(),
            "--port",
            "0",
        ])
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(process.stdout.as_mut().unwrap())
        .read_line(&mut first)
        .unwrap();
    Served {
        process,
        address: String::new(),
        first_line: first,
        _folder: folder,
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        let start = format!("{name}: ");
        let value = self.head.lines().find_map(|line| line.strip_prefix(&start));
        value.map(str::to_owned)
    }
}

impl Served {
    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all
            .windows(4)
            .position(|w| w == b"\r\n\r\n")
            .expect("a header");
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head,
            body: all[end + 4..].to_vec(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

#[test]
fn files_have_their_types_and_every_answer_its_policy() {
    let served = serve();
    let types = [
        ("/", "text/html; charset=utf-8"),
        (
            "/nearshelf/widget/nearshelf.js",
            "text/javascript; charset=utf-8",
        ),
        ("/nearshelf/widget/a.wasm", "application/wasm"),
        ("/nearshelf/manifest.json", "application/json"),
    ];
    for (path, mime) in types {
        let answer = served.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.head.contains(&format!("content-type: {mime}")),
            "{path}: {}",
            answer.head
        );
        assert!(
            answer.head.contains("script-src 'self' 'wasm-unsafe-eval'"),
            "{path}"
        );
        assert!(
            answer.head.contains("x-content-type-options: nosniff"),
            "{path}"
        );
    }
    assert!(served.get("/none").head.contains("content-security-policy"));
}

#[test]
fn hashed_files_are_kept_for_ever_and_others_revalidated() {
    let served = serve();
    assert!(
        served
            .get("/nearshelf/items-0123456789abcdef.bin")
            .head
            .contains("immutable")
    );
    let manifest = served.get("/nearshelf/manifest.json");
    assert!(manifest.head.contains("cache-control: no-cache"));
    let tag = manifest
        .head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .unwrap()
        .to_owned();
    let again = served.ask(
        "GET",
        "/nearshelf/manifest.json",
        &format!("If-None-Match: {tag}\r\n"),
    );
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn ranges_are_answered_in_part_and_impossible_ones_refused() {
    let served = serve();
    let path = "/nearshelf/items-0123456789abcdef.bin";
    let part = served.ask("GET", path, "Range: bytes=2-4\r\n");
    assert_eq!((part.status, part.body.as_slice()), (206, &b"234"[..]));
    assert!(part.head.contains("content-range: bytes 2-4/10"));
    assert_eq!(served.ask("GET", path, "Range: bytes=-3\r\n").body, b"789");
    let refused = served.ask("GET", path, "Range: bytes=10-\r\n");
    assert_eq!(refused.status, 416);
    assert!(refused.head.contains("content-range: bytes */10"));
}

#[test]
fn text_is_compressed_for_those_who_accept_it() {
    let served = serve();
    let path = "/nearshelf/widget/nearshelf.js";
    let packed = served.ask("GET", path, "Accept-Encoding: gzip, br\r\n");
    assert!(packed.head.contains("content-encoding: br") && packed.body.len() < 100);
    assert_eq!(served.get(path).body.len(), 1000);
    assert_eq!(
        served
            .ask("GET", path, "Accept-Encoding: br;q=0\r\n")
            .body
            .len(),
        1000
    );
}

#[test]
fn head_tells_the_length_without_the_body_and_other_methods_are_refused() {
    let served = serve();
    let head = served.ask("HEAD", "/nearshelf/items-0123456789abcdef.bin", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.head.contains("content-length: 10"), "{}", head.head);
    assert_eq!(served.ask("POST", "/", "Content-Length: 0\r\n").status, 405);
}

#[test]
fn nothing_outside_the_folders_can_be_reached() {
    let served = serve();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt",
        "/nearshelf/../../secret.txt",
        "/link.txt",
        "/..%5csecret.txt",
        "/%00",
        "/%ff",
    ] {
        let answer = served.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.windows(6).any(|w| w == b"secret"), "{path}");
    }
}

#[test]
fn a_folder_is_shown_by_its_index_once_the_slash_is_there() {
    let served = serve();
    assert_eq!(served.get("/sub/").body, b"sub");
    let moved = served.get("/sub");
    assert_eq!(moved.status, 308);
    assert_eq!(moved.header("location").as_deref(), Some("/sub/"));
    let queried = served.get("/sub?locale=en&q=a/b");
    let location = queried.header("location");
    assert_eq!(location.as_deref(), Some("/sub/?locale=en&q=a/b"));
}

#[test]
fn an_address_of_two_slashes_leads_to_no_other_host() {
    let served = serve();
    for path in ["//sub", "///sub"] {
        let location = served.get(path).header("location");
        assert_eq!(location.as_deref(), Some("/sub/"), "{path}");
    }
}

#[test]
fn connections_that_come_at_once_are_all_answered_though_browsers_keep_what_they_may() {
    let served = serve();
    let connect = |_| {
        let stream = TcpStream::connect(&served.address).unwrap();
        let patience = std::time::Duration::from_secs(20);
        stream.set_read_timeout(Some(patience)).unwrap();
        stream
    };
    let mut streams: Vec<TcpStream> = (0..24).map(connect).collect();
    for stream in &mut streams {
        write!(stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    }
    let mut kept = Vec::new();
    for stream in streams {
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(lines.read_line(&mut head).expect("an answer in time"), 0);
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        if !head.to_lowercase().contains("connection: close") {
            kept.push(lines);
        }
    }
}

#[test]
fn a_large_file_has_its_length() {
    let answer = serve().get("/nearshelf/large.png");
    let length = LARGE_BYTES.to_string();
    assert_eq!(answer.header("content-length"), Some(length));
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(answer.body.len(), LARGE_BYTES);
}

#[test]
fn the_compressed_answer_has_a_tag_of_its_own() {
    let served = serve();
    let path = "/nearshelf/widget/nearshelf.js";
    let brotli = "Accept-Encoding: br\r\n";
    let plain_tag = served.get(path).header("etag").unwrap();
    let brotli_tag = served.ask("GET", path, brotli).header("etag").unwrap();
    assert_ne!(plain_tag, brotli_tag);
    let again = |tag: &str| {
        let headers = format!("{brotli}If-None-Match: {tag}\r\n");
        served.ask("GET", path, &headers).status
    };
    assert_eq!((again(&brotli_tag), again(&plain_tag)), (304, 200));
}

#[test]
fn a_part_of_a_file_that_has_changed_since_is_the_whole() {
    let served = serve();
    let path = "/nearshelf/items-0123456789abcdef.bin";
    let tag = served.get(path).header("etag").unwrap();
    let part = |tag: &str| {
        let headers = format!("Range: bytes=2-4\r\nIf-Range: {tag}\r\n");
        served.ask("GET", path, &headers)
    };
    assert_eq!((part(&tag).status, part(&tag).body), (206, b"234".to_vec()));
    for other in [
        "\"a-0\"",
        &format!("W/{tag}"),
        "Sat, 31 Jan 2026 12:00:00 GMT",
    ] {
        let whole = part(other);
        assert_eq!((whole.status, whole.body.len()), (200, 10), "{other}");
    }
}

#[test]
fn a_program_can_read_the_address() {
    let served = start(&["--json"]);
    let told: serde_json::Value = serde_json::from_str(&served.first_line).unwrap();
    let address = told["address"].as_str().unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    assert!(told["shop"].as_str().unwrap().ends_with("shop"));
    assert!(told["pack"].as_str().unwrap().ends_with("pack"));
}
