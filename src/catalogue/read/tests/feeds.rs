use super::*;

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
    for own in [
        "id\ttitle",
        "id;title;attr:color",
        "\"id\",\"title\",\"image_link\"",
    ] {
        assert_eq!(
            detect_format("a.txt", own.as_bytes()),
            Some(Format::Csv),
            "{own}"
        );
    }
    for feed in [
        "id\ttitle\timage link\tproduct type",
        "id,title,image_link,product_type,gtin",
        "g:id\tg:title\tg:price",
    ] {
        let found = detect_format("a.csv", feed.as_bytes());
        assert_eq!(found, Some(Format::MerchantTsv), "{feed}");
    }
    for export in [
        "handle,title",
        "Title,URL handle,Description",
        "HANDLE;TITLE",
    ] {
        let found = detect_format("a", export.as_bytes());
        assert_eq!(found, Some(Format::Shopify), "{export}");
    }
    assert_eq!(
        detect_format("a", b"\xff\xfe<\0r\0s\0s\0"),
        Some(Format::MerchantXml)
    );
    assert_eq!(detect_format("a.csv", b"id,title"), Some(Format::Csv));
    assert_eq!(detect_format("a", b""), None);
}

#[test]
fn googles_elements_come_before_atoms_and_the_page_is_the_alternate_link() {
    let report = items(
        Format::MerchantXml,
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:g='x'><entry><id>tag:s,2026:a</id><title>Plain</title>\
         <link rel='self' href='https://s/feed'/><link rel='alternate' href='https://s/a?x=1&amp;y=2'></link>\
         <summary>Words &amp;lt; more</summary><g:id>a</g:id><g:title>Google's</g:title></entry></feed>",
    );
    let item = &report.items[0];
    assert_eq!((item.id.as_str(), titles(&report)), ("a", vec!["Google's"]));
    assert_eq!(item.link, "https://s/a?x=1&y=2");
    assert_eq!(item.texts[0].description, "Words < more");
    assert!(report.ignored_columns.is_empty());
}

#[test]
fn a_feed_is_read_in_the_encoding_that_it_declares() {
    let feed = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<rss><item><g:id>a</g:id><title>Café</title></item></rss>"
        )
    };
    let latin: Vec<u8> = feed("ISO-8859-1").chars().map(|c| c as u8).collect();
    let little: Vec<u8> = feed("UTF-16")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let with_mark = [&b"\xff\xfe"[..], &little].concat();
    for bytes in [
        latin,
        little,
        with_mark,
        feed("utf-8").into_bytes(),
        feed("UTF-16").into_bytes(),
    ] {
        assert_eq!(titles(&items(Format::MerchantXml, bytes)), ["Café"]);
    }
}

#[test]
fn a_feed_whose_bytes_are_not_in_its_encoding_is_refused_with_line_and_remedy() {
    let read = |bytes: &[u8]| read_items(Format::MerchantXml, bytes, &ReadOptions::default());
    let Err(ReadError::Encoding { line, detail }) = read(b"<rss>\n<item>\n<title>Caf\xe9</title>")
    else {
        panic!("Latin 1 without a declaration is no UTF-8");
    };
    assert_eq!(line, 3);
    assert!(detail.contains("save the file as UTF-8"), "{detail}");
    let unknown = read(b"<?xml version='1.0' encoding='ebcdic-x'?><rss/>");
    assert!(matches!(unknown, Err(ReadError::Encoding { line: 1, .. })));
}

#[test]
fn a_sale_price_with_dates_holds_between_them_only() {
    let table = "id\ttitle\tprice\tsale_price\tsale_price_effective_date\n\
                 a\tA\t9 GBP\t5 GBP\t1970-01-01T00:00+0000/1970-01-02T00:00+0000\n\
                 b\tB\t9 GBP\t5 GBP\t1970-01-03/1970-01-04\n\
                 c\tC\t9 GBP\t5 GBP\tsoon\n";
    let on_sale = |now_millis| {
        let options = ReadOptions {
            now_millis,
            ..ReadOptions::default()
        };
        let report = read_items(Format::MerchantTsv, table.as_bytes(), &options).unwrap();
        let sold = report.items.iter().filter(|item| item.sale_price.is_some());
        let ids: String = sold.map(|item| item.id.as_str()).collect();
        (ids, report.problems.len())
    };
    assert_eq!(on_sale(None), ("abc".to_owned(), 0));
    assert_eq!(on_sale(Some(0)), ("ac".to_owned(), 1));
    assert_eq!(on_sale(Some(86_400_000 * 3)), ("bc".to_owned(), 1));
}
