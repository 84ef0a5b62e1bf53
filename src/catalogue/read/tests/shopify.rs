use super::*;

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
fn todays_column_names_are_read_like_those_of_before() {
    let report = items(
        Format::Shopify,
        "Title,URL handle,Description,Vendor,Product category,Published on online store,Status,SKU,Option1 name,\
         Option1 value,Price,Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,\
         Product image URL,Variant image URL,SEO title\n\
         Tee,tee,<p>Soft</p>,Acme,Apparel > Shirts,TRUE,Active,tee-s,Size,S,10.00,12.00,shopify,0,CONTINUE,https://s/1.png,,x\n\
         ,tee,,,,,,tee-m,,M,10.00,,shopify,0,DENY,https://s/2.png,https://s/m.png,\n",
    );
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let [s, m] = report.items.as_slice() else {
        panic!("{:?}", report.items);
    };
    assert_eq!((s.id.as_str(), m.id.as_str()), ("tee-s", "tee-m"));
    assert_eq!(s.brand, "Acme");
    assert_eq!(s.texts[0].category, ["Apparel", "Shirts"]);
    assert_eq!(m.texts[0].description, "Soft");
    assert_eq!(s.price.unwrap().minor_units, 1200);
    assert_eq!(s.availability, Availability::BackOrder);
    assert_eq!(m.availability, Availability::OutOfStock);
    assert_eq!(
        (s.image.as_str(), m.image.as_str()),
        ("https://s/1.png", "https://s/m.png")
    );
    assert_eq!(report.ignored_columns, ["seo title"]);
}

#[test]
fn what_nobody_counts_is_in_stock_whatever_the_quantity() {
    let report = items(
        Format::Shopify,
        "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n\
         a,A,a,1,,0\nb,B,b,1,shopify,0\nc,C,c,1,shopify,-2\nd,D,d,1,shopify,5\n",
    );
    let stock: Vec<Availability> = report.items.iter().map(|item| item.availability).collect();
    use Availability::{InStock, OutOfStock};
    assert_eq!(stock, [InStock, OutOfStock, OutOfStock, InStock]);
}

#[test]
fn a_variant_without_a_picture_shows_the_products_first() {
    let report = items(
        Format::Shopify,
        "Handle,Title,Variant SKU,Variant Price,Image Src,Variant Image\n\
         tee,Tee,s,1,1.png,\ntee,,m,1,2.png,\ntee,,l,1,3.png,l.png\n",
    );
    let images: Vec<&str> = report
        .items
        .iter()
        .map(|item| item.image.as_str())
        .collect();
    assert_eq!(images, ["1.png", "1.png", "l.png"]);
}
