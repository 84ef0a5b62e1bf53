#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
use super::*;
use crate::Availability;
use proptest::prelude::*;

mod events;
mod feeds;
mod sequences;
mod shopify;

fn items(format: Format, content: impl AsRef<[u8]>) -> ItemReport {
    read_items(
        format,
        content.as_ref(),
        &ReadOptions {
            locale: "en".into(),
            currency: Some(*b"GBP"),
            now_millis: None,
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
fn an_open_quote_that_swallows_rows_is_named_with_its_line() {
    for (rows, titles_left, line, column) in [
        // To the end of the file; up to the next quote; in the last row.
        (
            "a,One,1 GBP\nb,\"Two,2 GBP\nc,Three,3 GBP\nd,Four,4 GBP\n",
            vec!["One"],
            3,
            "title",
        ),
        (
            "a,\"One,1 GBP\nb,\"Two\",2 GBP\nc,Three,3 GBP\n",
            vec!["Three"],
            2,
            "title",
        ),
        ("a,One,1 GBP\nb,\"Two,2 GBP\n", vec!["One"], 3, "title"),
        (
            "a,One,1 GBP\n\"b,Two,2 GBP\r\nc,Three,3 GBP\r\n",
            vec!["One"],
            3,
            "id",
        ),
    ] {
        let report = items(Format::Csv, format!("id,title,price\n{rows}"));
        assert_eq!(titles(&report), titles_left, "{rows}");
        let told = &report.problems[0];
        assert_eq!((told.line, told.column.as_str()), (line, column), "{rows}");
        assert!(told.row_rejected && told.reason.contains("quote"), "{told}");
    }
}

#[test]
fn prose_of_several_lines_is_no_row() {
    let report = items(
        Format::Csv,
        "id,title,description,price\n\
         a,One,\"Warm, soft, and, above all,\ndry, light, and small, too.\nMade in Leeds, York, Hull, Bath\",1 GBP\n",
    );
    assert_eq!(titles(&report), ["One"]);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
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
    let report = items(Format::Csv, "id,title\na,One\na,Two\nb,\n");
    assert_eq!(titles(&report), ["One"]);
    let told: Vec<(u64, &str)> = report
        .problems
        .iter()
        .map(|p| (p.line, p.column.as_str()))
        .collect();
    assert_eq!(told, [(3, "id"), (4, "title")]);
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

#[test]
fn any_of_three_delimiters_is_told_from_the_header() {
    for content in [
        "id,title,price\na,Cup,\"12,99 EUR\"\n",
        "id;title;price\na;Cup;12,99 EUR\n",
        "id\ttitle\tprice\na\tCup\t12,99 EUR\n",
        "\r\n\"id\";\"title, and more\";title;price\r\na;;Cup;12.99 EUR\r\n",
    ] {
        let report = items(Format::Csv, content);
        assert_eq!(titles(&report), ["Cup"], "{content}");
        let price = report.items[0].price.map(|price| price.minor_units);
        assert_eq!(price, Some(1299), "{content}");
    }
}

#[test]
fn columns_that_nothing_reads_are_named() {
    let report = items(
        Format::Csv,
        "id,title,Colour,attr:size,title:zh-CN,title:foo bar\na,Cup,blue,S,杯子,x\n",
    );
    assert_eq!(report.ignored_columns, ["colour", "title:foo bar"]);
    let lines = "{\"id\":1,\"title\":\"Cup\",\"stock\":3}\n{\"id\":2,\"title\":\"Cup\",\"stock\":4,\"ean\":5}\n";
    assert_eq!(
        items(Format::Jsonl, lines).ignored_columns,
        ["ean", "stock"]
    );
}

#[test]
fn only_what_has_the_shape_of_a_locale_is_one() {
    let report = items(
        Format::Csv,
        "id,title,attr:size:width,attr:color:zh-CN,attr:fit\na,Cup,5,红,wide\n",
    );
    let texts = &report.items[0].texts;
    let names: Vec<&str> = texts[0].attributes.iter().map(|a| a.0.as_str()).collect();
    assert_eq!(names, ["fit", "size:width"]);
    assert_eq!((texts.len(), texts[1].locale.as_str()), (2, "zh-CN"));

    let report = items(
        Format::Jsonl,
        "{\"id\":1,\"title\":\"Cup\",\"attributes\":{\"size:eu\":\"38\"}}\n",
    );
    assert_eq!(report.items[0].texts.len(), 1);
    let attributes = &report.items[0].texts[0].attributes;
    assert_eq!(attributes[..], [("size:eu".to_owned(), "38".to_owned())]);
}

#[test]
fn a_locale_column_is_checked_and_written_as_it_should_be() {
    let report = items(
        Format::Csv,
        "id,title,locale\na,One,zh_cn\nb,Two,English!\n",
    );
    let locales: Vec<&str> = report
        .items
        .iter()
        .map(|item| item.texts[0].locale.as_str())
        .collect();
    assert_eq!(locales, ["zh-CN", "en"]);
    assert_eq!((report.problems[0].line, report.problems.len()), (3, 1));
}

#[test]
fn a_category_has_at_most_16_levels() {
    let deep = vec!["a"; 500].join(" > ");
    let report = items(Format::Csv, format!("id,title,category\na,One,{deep}\n"));
    assert_eq!(report.items[0].texts[0].category.len(), 16);
    let problem = &report.problems[0];
    assert_eq!(
        (problem.column.as_str(), problem.row_rejected),
        ("category", false)
    );
    assert!(
        problem.reason.contains("500 levels, at most 16"),
        "{problem}"
    );
}

#[test]
fn a_sale_price_that_is_no_lower_is_left_out_and_reported_where_it_is_higher() {
    let report = items(
        Format::Csv,
        "id,title,price,sale_price\na,One,10.00 GBP,20.00 GBP\nb,Two,10.00 GBP,10.00 GBP\nc,Three,10.00 GBP,9.99 GBP\n",
    );
    let sale = |item: usize| report.items[item].sale_price.map(|price| price.minor_units);
    assert_eq!([sale(0), sale(1), sale(2)], [None, None, Some(999)]);
    assert_eq!(report.problems.len(), 1);
    let problem = &report.problems[0];
    assert_eq!((problem.line, problem.column.as_str()), (2, "sale_price"));
    assert!(
        problem.reason.contains("above the price"),
        "{}",
        problem.reason
    );
}

#[test]
fn a_sale_price_in_another_currency_is_reported_and_left_out() {
    let report = items(
        Format::Csv,
        "id,title,price,sale_price\na,One,10.00 GBP,8.00 EUR\nb,Two,10.00 GBP,8.00\n",
    );
    let sale = |item: usize| report.items[item].sale_price.map(|price| price.minor_units);
    assert_eq!((sale(0), sale(1)), (None, Some(800)));
    assert_eq!(report.items[0].price.unwrap().minor_units, 1000);
    let problem = &report.problems[0];
    assert_eq!((problem.line, problem.column.as_str()), (2, "sale_price"));
}

#[test]
fn a_file_in_utf_16_is_refused_with_the_remedy_and_a_latin_1_value_costs_its_row() {
    let text = "id,title\na,Café\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&b"\xff\xfe"[..], &little].concat();
    for (format, bytes) in [
        (Format::Csv, &little),
        (Format::Csv, &with_mark),
        (Format::Jsonl, &with_mark),
    ] {
        let refused = read_items(format, bytes.as_slice(), &ReadOptions::default());
        let Err(ReadError::Encoding { line: 1, detail }) = refused else {
            panic!("{refused:?}");
        };
        assert!(detail.contains("save the file as UTF-8"), "{detail}");
    }
    let header = read_items(
        Format::Csv,
        &b"id,title,gr\xf6\xdfe\n"[..],
        &ReadOptions::default(),
    );
    assert!(matches!(header, Err(ReadError::Encoding { line: 1, .. })));

    let report = items(Format::Jsonl, b"{\"id\":1,\"title\":\"Caf\xe9\"}\n");
    assert!(
        report.problems[0].reason.contains("UTF-8"),
        "{:?}",
        report.problems
    );
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
    fn no_bytes_behind_a_header_make_a_reader_panic(bytes: Vec<u8>, cells in "[\\PC\n\t,;\"]{0,200}") {
        let headers: [(Format, &str); 6] = [
            (Format::Csv, "id,title,category,attr:a:b,price,sale_price,locale\n"),
            (Format::Csv, "id;title;title:zh-CN;description;availability\n"),
            (Format::Jsonl, "{\"id\":1,\"title\":\"a\",\"texts\":[{}],"),
            (Format::MerchantTsv, "id\ttitle\tdescription\tsale_price_effective_date\tsale_price\n"),
            (Format::MerchantXml, "<rss><item><g:id>a</g:id><title>t</title><description>"),
            (Format::Shopify, "Handle,Title,Body (HTML),Variant Price,Variant Inventory Qty,Image Src\n"),
        ];
        for (format, header) in headers {
            for rest in [bytes.as_slice(), cells.as_bytes()] {
                let content = [header.as_bytes(), rest].concat();
                let _ = read_items(format, content.as_slice(), &ReadOptions { now_millis: Some(0), ..ReadOptions::default() });
                let log = [b"session,event,item_id,time,quantity\n", rest].concat();
                let _ = read_events(Format::Csv, log.as_slice());
            }
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
