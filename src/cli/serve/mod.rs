//! `nearshelf serve`: static files with the headers that a shop should send.
//!
//! For one's own machine and for tests; a shop serves the folder with whatever it has.

mod content;
mod files;
mod range;

use crate::Outcome;
use anyhow::{Context, Result, bail};
use content::{Encodings, security_headers};
use files::{Found, Sites};
use serde::Serialize;
use std::{
    io::{Cursor, Write},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Requests answered side by side.
const WORKERS: usize = 4;
/// Ports tried after the wanted one.
const NEXT_PORTS: u16 = 20;

#[derive(clap::Args)]
pub struct Arguments {
    /// A packed folder; it appears below /nearshelf/.
    folder: PathBuf,
    /// A shop's pages, such as www/dist/demo; they appear at /. Default: the packed folder.
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
    /// Port; the next free one is taken when it is in use. 0: any.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on. Beyond 127.0.0.1, others on the network can read the folder.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Print the address and the folders as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Where what is served.
#[derive(Serialize)]
struct Serving<'a> {
    address: &'a str,
    pack: &'a Path,
    shop: &'a Path,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    for folder in std::iter::once(&arguments.folder).chain(&arguments.shop) {
        if !folder.is_dir() {
            bail!("{} is no folder", folder.display());
        }
    }
    if !arguments.folder.join("manifest.json").is_file() {
        bail!(
            "{} holds no manifest.json: make a pack with `nearshelf pack`",
            arguments.folder.display()
        );
    }
    let shop = arguments.shop.as_ref().unwrap_or(&arguments.folder);
    let sites = Arc::new(Sites::new(&arguments.folder, shop)?);
    let server = Arc::new(listen(&arguments.host, arguments.port)?);
    let address = format!("http://{}/", server.server_addr());
    if arguments.json {
        let serving = Serving {
            address: &address,
            pack: &arguments.folder,
            shop,
        };
        crate::say!("{}", serde_json::to_string(&serving)?);
    } else {
        crate::say!("{address}");
        crate::say!("  pack: {} at /nearshelf/", arguments.folder.display());
        crate::say!("  shop: {} at /", shop.display());
        crate::say!("Stop with Ctrl-C.");
    }
    let encodings = Arc::new(Encodings::default());
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (server, sites, encodings) = (
                Arc::clone(&server),
                Arc::clone(&sites),
                Arc::clone(&encodings),
            );
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    answer(request, &sites, &encodings);
                }
            })
        })
        .collect();
    for worker in workers {
        // A worker ends only with the process.
        let _ = worker.join();
    }
    Ok(Outcome::Done)
}

fn listen(host: &str, port: u16) -> Result<Server> {
    let mut reason = None;
    let last = if port == 0 {
        0
    } else {
        port.saturating_add(NEXT_PORTS)
    };
    for candidate in port..=last {
        match Server::http((host, candidate)) {
            Ok(server) => {
                if candidate != port {
                    eprintln!("port {port} is in use, taking {candidate}");
                }
                return Ok(server);
            }
            Err(error) => reason = reason.or(Some(error.to_string())),
        }
    }
    bail!("listening on {host}:{port}: {}", reason.unwrap_or_default())
}

fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

fn value_of(request: &Request, name: &'static str) -> Option<String> {
    let found = request
        .headers()
        .iter()
        .find(|header| header.field.equiv(name));
    found.map(|header| header.value.as_str().to_owned())
}

/// Answers one request. A client that goes away meanwhile is its own affair.
fn answer(request: Request, sites: &Sites, encodings: &Encodings) {
    let method = request.method().clone();
    let response = if matches!(method, Method::Get | Method::Head) {
        reply(&request, sites, encodings).unwrap_or_else(|error| {
            eprintln!("{}: {error:#}", request.url());
            plain(500, "the file can't be read\n")
        })
    } else {
        let mut refused = plain(405, "only GET and HEAD\n");
        refused.headers.push(("Allow", "GET, HEAD".to_owned()));
        refused
    };
    let mut headers: Vec<Header> = security_headers()
        .iter()
        .filter_map(|(n, v)| header(n, v))
        .collect();
    headers.extend(response.headers.iter().filter_map(|(n, v)| header(n, v)));
    let length = response.body.len();
    let answer = Response::new(
        StatusCode(response.status),
        headers,
        Cursor::new(response.body),
        Some(length),
        None,
    )
    // A length from the first byte on, however long: progress and ranges need it.
    .with_chunked_threshold(usize::MAX);
    // The client says with HEAD that it wants no body; its length is told all the same.
    let no_body = method == Method::Head;
    let mut sent = Vec::with_capacity(length + 1024);
    let version = request.http_version().clone();
    if answer
        .raw_print(&mut sent, version, request.headers(), no_body, None)
        .is_ok()
    {
        close_after(&mut sent);
        let mut client = request.into_writer();
        let _ = client.write_all(&sent).and_then(|()| client.flush());
    }
}

/// Has the client close the connection behind this response.
///
/// A connection that stays open keeps one of tiny_http's threads, and a connection that comes at the same moment as
/// others can be left to wait for one of them: a browser's six at once, which stay open, can leave one without an answer
/// for good. `Response` drops a header of this name.
fn close_after(response: &mut Vec<u8>) {
    if let Some(end) = response.windows(2).position(|pair| pair == b"\r\n") {
        response.splice(end..end, *b"\r\nConnection: close");
    }
}

/// A response before it is sent.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn plain(status: u16, text: &str) -> Reply {
    let headers = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
    Reply {
        status,
        headers,
        body: text.as_bytes().to_vec(),
    }
}

fn reply(request: &Request, sites: &Sites, encodings: &Encodings) -> Result<Reply> {
    let file = match sites.find(request.url()) {
        Found::File(file) => file,
        Found::Folder(with_slash) => {
            let mut moved = plain(308, "a folder\n");
            moved.headers.push(("Location", with_slash));
            return Ok(moved);
        }
        Found::Nothing => return Ok(plain(404, "not found\n")),
    };
    let bytes =
        std::fs::read(&file.path).with_context(|| format!("reading {}", file.path.display()))?;
    let kind = content::kind_of(&file.path);
    let plain_etag = content::etag(&bytes);
    let range = wanted_range(request, &plain_etag);
    let accepted = value_of(request, "Accept-Encoding").unwrap_or_default();
    let encode = range.is_none() && kind.compressible && content::accepts_brotli(&accepted);
    let etag = if encode {
        content::brotli_etag(&plain_etag)
    } else {
        plain_etag.clone()
    };
    let mut headers = vec![
        ("Content-Type", kind.mime.to_owned()),
        (
            "Cache-Control",
            content::cache_control(&file.path).to_owned(),
        ),
        ("ETag", etag.clone()),
        ("Vary", "Accept-Encoding".to_owned()),
        ("Accept-Ranges", "bytes".to_owned()),
    ];
    let known = value_of(request, "If-None-Match").unwrap_or_default();
    if known
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
    {
        return Ok(Reply {
            status: 304,
            headers,
            body: Vec::new(),
        });
    }
    if let Some(wanted) = range {
        return Ok(match range::parse(&wanted, bytes.len() as u64) {
            range::Range::Whole => Reply {
                status: 200,
                headers,
                body: bytes,
            },
            range::Range::Part(first, last) => {
                headers.push((
                    "Content-Range",
                    format!("bytes {first}-{last}/{}", bytes.len()),
                ));
                let part = bytes
                    .get(first as usize..=last as usize)
                    .unwrap_or_default()
                    .to_vec();
                Reply {
                    status: 206,
                    headers,
                    body: part,
                }
            }
            range::Range::Unsatisfiable => {
                let mut refused = plain(416, "no such range\n");
                refused
                    .headers
                    .push(("Content-Range", format!("bytes */{}", bytes.len())));
                refused
            }
        });
    }
    let mut body = bytes;
    if encode {
        headers.push(("Content-Encoding", "br".to_owned()));
        body = encodings.brotli(&plain_etag, &body)?;
    }
    Ok(Reply {
        status: 200,
        headers,
        body,
    })
}

/// The range that is wanted, unless only of a file that has changed since (`If-Range`).
fn wanted_range(request: &Request, etag: &str) -> Option<String> {
    let same = value_of(request, "If-Range").is_none_or(|tag| tag.trim() == etag);
    value_of(request, "Range").filter(|_| same)
}
