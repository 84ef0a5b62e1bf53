//! What kind a category's name says that its items are: it knows better than a model that has learned ten of them.

use crate::Category;

/// What the name of a category says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A kind that the model tells.
    Kind(Category),
    /// A kind that it doesn't: a bag, a watch.
    Other,
}

/// Words in English, and parts of words in 简体中文, by what they name. The last that fits counts.
const WORDS: [(Named, &[&str], &[&str]); 11] = [
    (
        Named::Kind(Category::Dress),
        &["dress", "dresses", "gown", "gowns", "jumpsuit", "jumpsuits"],
        &[
            "连衣裙",
            "衬衫裙",
            "卫衣裙",
            "毛衣裙",
            "针织裙",
            "t恤裙",
            "吊带裙",
            "背心裙",
            "礼服",
            "旗袍",
            "连体裤",
        ],
    ),
    (
        Named::Kind(Category::Hat),
        &[
            "hat", "hats", "cap", "caps", "beanie", "beanies", "headwear",
        ],
        &["帽"],
    ),
    (
        Named::Kind(Category::Longsleeve),
        &[
            "longsleeve",
            "longsleeves",
            "sweater",
            "sweaters",
            "jumper",
            "jumpers",
            "pullover",
            "pullovers",
            "hoodie",
            "hoodies",
            "sweatshirt",
            "sweatshirts",
            "knitwear",
        ],
        &["毛衣", "针织衫", "卫衣", "帽衫", "长袖"],
    ),
    (
        Named::Kind(Category::Outwear),
        &[
            "outwear",
            "outerwear",
            "coat",
            "coats",
            "jacket",
            "jackets",
            "parka",
            "parkas",
            "blazer",
            "blazers",
            "cardigan",
            "cardigans",
        ],
        &["外套", "夹克", "大衣", "风衣", "羽绒服", "西装", "开衫"],
    ),
    (
        Named::Kind(Category::Pants),
        &[
            "pants", "trousers", "jeans", "chinos", "leggings", "joggers",
        ],
        &["裤"],
    ),
    (
        Named::Kind(Category::Shirt),
        &["shirt", "shirts", "blouse", "blouses"],
        &["衬衫", "衬衣"],
    ),
    (
        Named::Kind(Category::Shoes),
        &[
            "shoe", "shoes", "boot", "boots", "trainer", "trainers", "sneaker", "sneakers",
            "sandal", "sandals", "loafer", "loafers", "heels", "footwear", "slippers",
        ],
        &["鞋", "靴"],
    ),
    (Named::Kind(Category::Shorts), &["shorts"], &["短裤"]),
    (
        Named::Kind(Category::Skirt),
        &["skirt", "skirts"],
        &["裙", "半身裙"],
    ),
    (
        Named::Kind(Category::TShirt),
        &["tshirt", "tshirts", "tee", "tees", "polo", "polos"],
        &["t恤", "polo衫"],
    ),
    (
        Named::Other,
        &[
            "bag",
            "bags",
            "handbag",
            "handbags",
            "backpack",
            "backpacks",
            "belt",
            "belts",
            "watch",
            "watches",
            "scarf",
            "scarves",
            "sock",
            "socks",
            "tights",
            "sunglasses",
            "glasses",
            "glove",
            "gloves",
            "tie",
            "ties",
            "jewellery",
            "jewelry",
            "ring",
            "rings",
            "necklace",
            "necklaces",
            "earrings",
            "bracelets",
            "wallet",
            "wallets",
            "purse",
            "purses",
            "underwear",
            "lingerie",
            "accessories",
            "umbrellas",
            "perfume",
            "beauty",
        ],
        &[
            "包",
            "腰带",
            "皮带",
            "手表",
            "腕表",
            "围巾",
            "丝巾",
            "袜",
            "眼镜",
            "太阳镜",
            "墨镜",
            "手套",
            "领带",
            "首饰",
            "珠宝",
            "戒指",
            "项链",
            "耳环",
            "手链",
            "钱包",
            "内衣",
            "内裤",
            "配饰",
            "雨伞",
        ],
    ),
];

impl Named {
    /// What a category's name says; none where it says nothing, or two things.
    #[must_use]
    pub fn of(category: &str) -> Option<Self> {
        let name = category.to_lowercase();
        let parts = name.replace(" and ", "&");
        let parts = parts.split(['&', ',', '/', '+', '、', '和', '与', '及']);
        let mut named = parts
            .filter(|part| !part.trim().is_empty())
            .map(|part| by_word(part).or_else(|| by_part(part)));
        let first = named.next()??;
        named.all(|other| other == Some(first)).then_some(first)
    }
}

/// What makes a shirt a T-shirt, before it.
const TEES: [&str; 3] = ["t", "tee", "polo"];
/// Words that name clothes of several kinds, whatever stands before them.
const SEVERAL: [&str; 2] = ["top", "tops"];

/// What the last known word names: a dress shirt is a shirt. Of hyphened words the last counts: what ties in front is no tie.
fn by_word(part: &str) -> Option<Named> {
    let words = part.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    let (mut last, mut before) = (None, "");
    for word in words.filter(|word| !word.is_empty()) {
        let (before_it, name) = word.rsplit_once('-').unwrap_or((before, word));
        let known = WORDS.iter().find(|(_, english, _)| english.contains(&name));
        match known.map(|(named, ..)| *named) {
            Some(Named::Kind(Category::Shirt)) if TEES.contains(&before_it) => {
                last = Some(Named::Kind(Category::TShirt));
            }
            None if SEVERAL.contains(&name) => last = None,
            named => last = named.or(last),
        }
        before = word;
    }
    last
}

/// What the known part names that ends last, as names of things do in Chinese; of those that end there the longest: 短裤 rather than 裤.
fn by_part(part: &str) -> Option<Named> {
    let known = WORDS
        .iter()
        .flat_map(|(named, _, chinese)| chinese.iter().map(move |known| (*named, *known)));
    let ends = known.filter_map(|(named, known)| {
        let end = part.rfind(known)? + known.len();
        Some(((end, known.len()), named))
    });
    ends.max_by_key(|(place, _)| *place).map(|(_, named)| named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_of_shops_name_kinds_in_both_languages() {
        for (category, kind) in [
            ("Dresses", Category::Dress),
            ("Dress shirts", Category::Shirt),
            ("T-shirts", Category::TShirt),
            ("T shirts", Category::TShirt),
            ("Tee shirts", Category::TShirt),
            ("Polo shirts", Category::TShirt),
            ("Print shirts", Category::Shirt),
            ("Button-down shirts", Category::Shirt),
            ("Cap-sleeve dresses", Category::Dress),
            ("Shirts (sale)", Category::Shirt),
            ("Sweatshirts", Category::Longsleeve),
            ("Hoodies & sweatshirts", Category::Longsleeve),
            ("Coats and Jackets", Category::Outwear),
            ("Jeans", Category::Pants),
            ("Trainers", Category::Shoes),
            ("连衣裙", Category::Dress),
            ("半身裙", Category::Skirt),
            ("短裤", Category::Shorts),
            ("牛仔裤", Category::Pants),
            ("T恤", Category::TShirt),
            ("西装裤", Category::Pants),
            ("靴裤", Category::Pants),
            ("裙裤", Category::Pants),
            ("衬衫裙", Category::Dress),
            ("卫衣裙", Category::Dress),
            ("T恤裙", Category::Dress),
            ("包臀裙", Category::Skirt),
            ("帽衫", Category::Longsleeve),
            ("连帽外套", Category::Outwear),
            ("长袖衬衫", Category::Shirt),
            ("面包鞋", Category::Shoes),
            ("包头凉鞋", Category::Shoes),
            ("运动鞋", Category::Shoes),
        ] {
            assert_eq!(Named::of(category), Some(Named::Kind(kind)), "{category}");
        }
    }

    #[test]
    fn what_is_not_worn_on_the_body_is_another_kind_and_what_says_nothing_is_none() {
        for category in [
            "Bags",
            "Belts",
            "Watches",
            "Scarves",
            "太阳镜",
            "包袋",
            "裤袜",
            "内裤",
        ] {
            assert_eq!(Named::of(category), Some(Named::Other), "{category}");
        }
        for category in [
            "",
            "&",
            "New in",
            "Hosen",
            "Skirts & shorts",
            "Cap-sleeve tops",
            "Tie-front tops",
            "Tie front tops",
            "新品",
            "\u{0}",
            "Women",
        ] {
            assert_eq!(Named::of(category), None, "{category}");
        }
    }
}
