//! `nearshelf pack` on files and folders that aren't as it would like them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use nearshelf_catalogue::{NeighbourKind, Pack, PackReader};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// A folder of files to pack; no models, so that packing takes no time.
struct Shop(TempDir);

impl Shop {
    fn new(items: &str) -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        fs::write(shop.path("items.csv"), items).unwrap();
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn pack(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nearshelf"))
            .current_dir(self.0.path())
            .args(["pack", "--items", "items.csv", "--out", "site"])
            .args(["--now", "2026-01-31T00:00:00Z"])
            .args(more)
            .output()
            .unwrap()
    }

    fn packed(&self, more: &[&str]) -> Pack {
        let packed = self.pack(more);
        assert!(packed.status.success(), "{}", text(&packed.stderr));
        read(&self.path("site"))
    }
}

fn read(site: &Path) -> Pack {
    let file = |path: &str| fs::read(site.join(path)).unwrap();
    let mut reader = PackReader::new(&file("manifest.json")).unwrap();
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    for path in wanted {
        reader.add(&path, &file(&path)).unwrap();
    }
    reader.pack().unwrap().clone()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const ITEMS: &str = "id,title,price\na,Cup,4.50 GBP\nb,Plate,6.00 GBP\nc,Bowl,5.00 GBP\n";

#[test]
fn a_folder_with_another_programs_manifest_is_left_alone() {
    let shop = Shop::new(ITEMS);
    fs::create_dir(shop.path("site")).unwrap();
    for manifest in ["{\"name\":\"My shop\",\"start_url\":\"/\"}", "", "[]"] {
        fs::write(shop.path("site/manifest.json"), manifest).unwrap();
        fs::write(shop.path("site/index.html"), "my shop").unwrap();
        let refused = shop.pack(&[]);
        assert_eq!(refused.status.code(), Some(1), "{manifest}");
        assert!(text(&refused.stderr).contains("not a pack"), "{manifest}");
        let kept = fs::read_to_string(shop.path("site/index.html")).unwrap();
        assert_eq!(kept, "my shop");
    }
}

#[test]
fn a_file_that_was_put_beside_the_pack_is_not_lost() {
    let shop = Shop::new(ITEMS);
    assert!(shop.pack(&[]).status.success());
    assert!(shop.pack(&[]).status.success());
    for own in ["notes.txt", "models/mine.onnx", ".htaccess"] {
        let file = shop.path("site").join(own);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "mine").unwrap();
        let refused = shop.pack(&[]);
        assert_eq!(refused.status.code(), Some(1), "{own}");
        let said = text(&refused.stderr);
        assert!(
            said.contains(own) && said.contains("move it away"),
            "{said}"
        );
        fs::remove_file(&file).unwrap();
    }
    assert!(shop.pack(&[]).status.success());
}

#[test]
fn a_log_of_another_catalogue_is_told_where_it_is_most_of_it() {
    let shop = Shop::new(ITEMS);
    let said = |items: [&str; 4]| {
        let mut events = String::from("session,event,item_id,time\n");
        for (n, item) in items.iter().enumerate() {
            events += &format!("s{n},view,{item},2026-01-30T10:00:00Z\n");
        }
        fs::write(shop.path("events.csv"), events).unwrap();
        let packed = shop.pack(&["--events", "events.csv"]);
        assert!(packed.status.success(), "{}", text(&packed.stderr));
        text(&packed.stdout) + &text(&packed.stderr)
    };
    let half = said(["a", "b", "x", "y"]);
    assert!(half.contains("2 events of items"), "{half}");
    assert!(!half.contains("most of the log"), "{half}");
    let most = said(["a", "x", "y", "z"]);
    assert!(most.contains("most of the log"), "{most}");
}

#[test]
fn one_event_of_a_wrong_clock_leaves_all_others_their_weight() {
    let shop = Shop::new(ITEMS);
    let mut events = String::from("session,event,item_id,time\n");
    for n in 0..30 {
        let bought: &[&str] = if n % 2 == 0 { &["a", "b"] } else { &["c"] };
        for item in bought {
            events += &format!("s{n},purchase,{item},2026-01-{:02}T10:00:00Z\n", 1 + n % 28);
        }
    }
    events += "late,view,c,2099-01-01T00:00:00Z\n";
    fs::write(shop.path("events.csv"), events).unwrap();
    let pack = shop.packed(&["--events", "events.csv"]);
    for item in [0, 1] {
        assert!(pack.popularity.score(item) > 0.5, "item {item}");
    }
    let together = pack.neighbours.of(NeighbourKind::BoughtTogether, 0);
    assert_eq!(
        together.map(|neighbour| neighbour.item).collect::<Vec<_>>(),
        [1]
    );
}

#[test]
fn a_sale_that_is_over_at_the_time_of_packing_is_none() {
    let shop = Shop::new(
        "id\ttitle\timage link\tprice\tsale price\tsale price effective date\n\
         a\tCup\tx\t9.00 GBP\t5.00 GBP\t2026-01-01T00:00Z/2026-02-01T00:00Z\n\
         b\tPlate\tx\t9.00 GBP\t5.00 GBP\t2025-01-01T00:00Z/2025-02-01T00:00Z\n",
    );
    let pack = shop.packed(&[]);
    let on_sale = |item: u32| pack.items.get(item).unwrap().sale_price.is_some();
    assert_eq!((on_sale(0), on_sale(1)), (true, false));
}

#[test]
fn columns_that_nothing_reads_are_named_to_people_and_programs() {
    let shop = Shop::new("id;title;colour;stock\na;Cup;blue;3\n");
    let log = "session,event,item_id,time,referrer\ns,view,a,0,x\n";
    fs::write(shop.path("events.csv"), log).unwrap();
    let told = shop.pack(&["--events", "events.csv"]);
    let said = text(&told.stdout);
    assert!(said.contains("items: not read are colour, stock"), "{said}");
    assert!(said.contains("events: not read are referrer"), "{said}");
    let told = shop.pack(&["--events", "events.csv", "--json"]);
    let summary: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let expected = serde_json::json!({"items": ["colour", "stock"], "events": ["referrer"]});
    assert_eq!(summary["ignored_columns"], expected);
}

#[test]
fn what_is_no_event_log_is_explained_without_the_catalogues_option() {
    let shop = Shop::new(ITEMS);
    for (log, message) in [
        ("<rss></rss>", "an event log is CSV or JSONL"),
        ("visits", "no column \"session\""),
        ("", "is empty"),
    ] {
        fs::write(shop.path("log"), log).unwrap();
        let failed = shop.pack(&["--events", "log"]);
        let said = text(&failed.stderr);
        assert_eq!(failed.status.code(), Some(1), "{log}");
        assert!(said.contains(message), "{said}");
        assert!(!said.contains("--items-format"), "{said}");
    }
}
