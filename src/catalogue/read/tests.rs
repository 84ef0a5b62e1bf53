#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
use super::*;
use crate::{Availability, EventKind};
use proptest::prelude::*;

fn items(format: Format, content: impl AsRef<[u8]>) -> ItemReport {
    read_items(
        format,
        content.as_ref(),
        &ReadOptions {
            locale: "en".into(),
            currency: Some(*b"GBP"),
        },
    )
    .unwrap()
}

fn titles(report: &ItemReport) -> Vec<&str> {
    report
        .items
        .iter()
        .map(|item| item.texts[0].title.as_str())
        .collect()
}

#[test]
fn csv_with_two_locales_gives_both_texts() {
    let report = items(
        Format::Csv,
        "id,title,title:zh-CN,category,category:zh-CN,price,sale_price,attr:color,attr:color:zh-CN,availability\n\
         a,Red dress,红色连衣裙,Women > Dresses,女装 > 连衣裙,12.99 GBP,9.99 GBP,red,红色,out of stock\n",
    );
    let item = &report.items[0];
    assert!(report.problems.is_empty());
    assert_eq!(item.texts[0].category, ["Women", "Dresses"]);
    assert_eq!(item.texts[1].locale, "zh-CN");
    assert_eq!(item.texts[1].title, "红色连衣裙");
    assert_eq!(
        item.texts[1].attributes,
        [("color".to_owned(), "红色".to_owned())]
    );
    assert_eq!(item.price.unwrap().minor_units, 1299);
    assert_eq!(item.sale_price.unwrap().minor_units, 999);
    assert_eq!(item.availability, Availability::OutOfStock);
}

#[test]
fn byte_order_mark_crlf_and_quoted_line_breaks_are_read() {
    let report = items(
        Format::Csv,
        "\u{feff}ID,Title\r\na,\"Two\nlines, one \"\"title\"\"\"\r\nb,Plain\r\n",
    );
    assert_eq!(titles(&report), ["Two lines, one \"title\"", "Plain"]);
}

#[test]
fn a_bad_row_is_named_with_line_and_column_and_the_rest_is_read() {
    let report = items(Format::Csv, b"id,title,price\na,One,1 GBP\n,Two,1 GBP\nc,,1 GBP\nd,\xff\xfe,1 GBP\ne,Five,cheap,more\nf,Six,cheap\n");
    assert_eq!(titles(&report), ["One", "Six"]);
    let told: Vec<(u64, &str, bool)> = report
        .problems
        .iter()
        .map(|p| (p.line, p.column.as_str(), p.row_rejected))
        .collect();
    assert_eq!(
        told,
        [
            (3, "id", true),
            (4, "title", true),
            (5, "title", true),
            (6, "row", true),
            (7, "price", false)
        ]
    );
    assert!(report.problems[2].reason.contains("UTF-8"));
    assert_eq!(report.rows, 6);
}

#[test]
fn an_id_that_comes_again_is_reported_and_the_first_kept() {
    let report = items(Format::Csv, "id,title\na,One\na,Two\n");
    assert_eq!(titles(&report), ["One"]);
    assert_eq!(report.problems.len(), 1);
}

#[test]
fn control_characters_and_reordering_marks_are_dropped_and_markup_stays_text() {
    let report = items(
        Format::Csv,
        "id,title\na,\"<script>\u{202e}\u{0007}x\u{2066}\"\n",
    );
    assert_eq!(titles(&report), ["<script>x"]);
}

#[test]
fn a_huge_value_is_cut_at_a_character() {
    let report = items(
        Format::Csv,
        format!("id,title,description\na,T,{}\n", "连".repeat(100_000)),
    );
    let length = report.items[0].texts[0].description.len();
    assert!(length <= 20_000 && length > 19_990);
}

#[test]
fn files_without_a_header_or_the_needed_columns_are_refused() {
    let read = |content: &str| read_items(Format::Csv, content.as_bytes(), &ReadOptions::default());
    assert!(matches!(read(""), Err(ReadError::Empty { .. })));
    assert!(matches!(
        read("sku,name\n1,2\n"),
        Err(ReadError::MissingColumn { column: "id", .. })
    ));
    assert!(read("id,title\n").unwrap().items.is_empty());
}

#[test]
fn jsonl_takes_nested_texts_and_attributes() {
    let report = items(
        Format::Jsonl,
        "{\"id\":\"a\",\"price\":\"5 EUR\",\"texts\":[{\"locale\":\"en\",\"title\":\"Cup\",\"category\":[\"Home\",\"Kitchen\"],\
         \"attributes\":{\"color\":\"blue\"}},{\"locale\":\"zh-CN\",\"title\":\"杯子\"}]}\n\nnot json\n[1]\n{\"id\":7,\"title\":\"Seven\"}\n",
    );
    assert_eq!(titles(&report), ["Cup", "Seven"]);
    assert_eq!(report.items[0].texts[1].title, "杯子");
    assert_eq!(
        report.items[0].texts[0].attributes,
        [("color".to_owned(), "blue".to_owned())]
    );
    let lines: Vec<u64> = report.problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [3, 4]);
}

const RSS: &str = "<?xml version='1.0'?><rss version='2.0' xmlns:g='http://base.google.com/ns/1.0'><channel><title>Shop</title>\n\
<item><g:id>a</g:id><title>Tea &amp; cup</title><g:price>3.50 GBP</g:price><g:availability>in_stock</g:availability>\
<g:product_type>Home &gt; Kitchen</g:product_type><g:shipping><g:price>99 GBP</g:price></g:shipping></item>\n\
<item><g:id>b</g:id><description><![CDATA[no <b>title</b>]]></description></item></channel></rss>";

#[test]
fn a_merchant_feed_is_read_and_nested_prices_are_not_the_items() {
    let report = items(Format::MerchantXml, RSS);
    assert_eq!(titles(&report), ["Tea & cup"]);
    assert_eq!(report.items[0].price.unwrap().minor_units, 350);
    assert_eq!(report.items[0].texts[0].category, ["Home", "Kitchen"]);
    assert_eq!(
        (report.problems[0].line, report.problems[0].column.as_str()),
        (3, "title")
    );
}

#[test]
fn an_atom_feed_is_read_with_its_link() {
    let report = items(
        Format::MerchantXml,
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:g='x'><entry><g:id>a</g:id><title>T</title><link href='https://s/a'/></entry></feed>",
    );
    assert_eq!(report.items[0].link, "https://s/a");
}

#[test]
fn a_feed_that_could_blow_up_or_is_cut_is_refused() {
    let read = |content: &str| {
        read_items(
            Format::MerchantXml,
            content.as_bytes(),
            &ReadOptions::default(),
        )
    };
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><rss><item><title>&c;</title></item></rss>";
    assert!(matches!(read(bomb), Err(ReadError::NotAFeed { .. })));
    assert!(matches!(
        read(&RSS[..RSS.len() - 20]),
        Err(ReadError::NotAFeed { .. })
    ));
    assert!(matches!(
        read(&"<a>".repeat(1000)),
        Err(ReadError::NotAFeed { .. })
    ));
    assert!(matches!(read(""), Err(ReadError::Empty { .. })));
}

#[test]
fn a_merchant_table_is_read() {
    let report = items(
        Format::MerchantTsv,
        "id\ttitle\timage link\tprice\na\tCup\thttps://s/a.png\t4.00 GBP\n",
    );
    assert_eq!(report.items[0].image, "https://s/a.png");
    assert_eq!(report.items[0].price.unwrap().minor_units, 400);
}

#[test]
fn a_shopify_export_gives_an_item_a_variant() {
    let report = items(
        Format::Shopify,
        "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,\
         Variant Inventory Qty,Variant Inventory Policy,Image Src,Status\n\
         tee,Tee,<p>Soft &amp; light<br>tee</p><script>x()</script>,Acme,Shirts,Size,S,tee-s,10.00,12.00,3,deny,https://s/1.png,active\n\
         tee,,,,,,M,tee-m,10.00,,0,deny,,\n\
         tee,,,,,,,,,,,,https://s/2.png,\n\
         old,Old,,Acme,,,,,5.00,,1,deny,,archived\n",
    );
    assert_eq!(titles(&report), ["Tee", "Tee"]);
    assert_eq!(report.items[0].texts[0].description, "Soft & light tee");
    assert_eq!(report.items[0].price.unwrap().minor_units, 1200);
    assert_eq!(report.items[0].sale_price.unwrap().minor_units, 1000);
    assert_eq!(report.items[1].availability, Availability::OutOfStock);
    assert_eq!(report.items[1].group_id.as_deref(), Some("tee"));
}

#[test]
fn events_are_read_with_all_spellings_of_time() {
    let log = "session,event,item_id,time,quantity\n\
               s,view,a,2026-01-01T00:00:00Z,\ns,purchase,a,1767225600,2\ns,add_to_cart,a,1767225600000,1\ns,remove,a,2026-01-01 00:00:00,1\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert!(
        report
            .events
            .iter()
            .all(|event| event.time_millis == 1_767_225_600_000)
    );
    assert_eq!(report.events[1].kind, EventKind::Purchase);
    assert_eq!(report.events[1].quantity, 2);
}

#[test]
fn bad_events_are_named_by_column() {
    let log = "session,event,item_id,time,quantity\n,view,a,0,1\ns,look,a,0,1\ns,view,,0,1\ns,view,a,noon,1\ns,view,a,0,-1\ns,view,a,-5,1\n";
    let report = read_events(Format::Csv, log.as_bytes()).unwrap();
    let columns: Vec<&str> = report.problems.iter().map(|p| p.column.as_str()).collect();
    assert_eq!(
        columns,
        ["session", "event", "item_id", "time", "quantity", "time"]
    );
    assert!(report.events.is_empty());
}

#[test]
fn events_as_json_lines_are_read() {
    let report = read_events(
        Format::Jsonl,
        &b"{\"session\":\"s\",\"event\":\"view\",\"item_id\":5,\"time\":1767225600}\n"[..],
    )
    .unwrap();
    assert_eq!(report.events[0].item_id, "5");
}

#[test]
fn the_format_is_told_by_content_then_by_name() {
    assert_eq!(
        detect_format("a.txt", b"\xef\xbb\xbf<?xml"),
        Some(Format::MerchantXml)
    );
    assert_eq!(detect_format("a.csv", b"{\"id\":1}"), Some(Format::Jsonl));
    assert_eq!(
        detect_format("a.csv", b"Handle,Title,Body (HTML)"),
        Some(Format::Shopify)
    );
    assert_eq!(
        detect_format("a.csv", b"id\ttitle"),
        Some(Format::MerchantTsv)
    );
    assert_eq!(detect_format("a.csv", b"id,title"), Some(Format::Csv));
    assert_eq!(detect_format("a", b""), None);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
        for format in [Format::Csv, Format::Jsonl, Format::MerchantXml, Format::MerchantTsv, Format::Shopify] {
            let _ = read_items(format, bytes.as_slice(), &ReadOptions::default());
            let _ = read_events(format, bytes.as_slice());
        }
    }

    #[test]
    fn no_text_of_a_row_makes_a_reader_panic(a in "\\PC{0,40}", b in "\\PC{0,40}", price in "[-0-9A-Z., £$]{0,20}") {
        let row = format!("id,title,price,availability\n{a},{b},{price},{a}\n");
        let _ = items(Format::Csv, row);
        let xml = format!("<rss><item><g:id>{a}</g:id><title>{b}</title></item></rss>");
        let _ = read_items(Format::MerchantXml, xml.as_bytes(), &ReadOptions::default());
    }
}
