/**
 * Kinds of clothes: what the shop sells, in which cuts, cloths and colours.
 *
 * A kind has a `share` of the range by department, its category's names, its sizing scheme, a base price in pence,
 * and `styles`: silhouettes with names in both languages. `sleeve`, `season` and `tastes` may be a style's own.
 */
const EASY = { basic: 3, sporty: 2, classic: 1, workwear: 2 };
const DRESSY = { romantic: 3, refined: 2, classic: 2 };
const TAILORED = { classic: 3, refined: 3, workwear: 1, basic: 1 };

export const TOPS = [
  {
    kind: "tshirt", share: { women: 8, men: 9, kids: 9 }, category: ["T-shirts", "T恤"], sizing: "letters", price: 2200, season: "all", sleeve: "short",
    materials: ["cotton", "organic", "linen"], patterns: { plain: 6, stripe: 3, dots: 0.6 }, fits: ["regular", "relaxed", "slim"], occasions: ["everyday", "weekend"], tastes: EASY,
    colours: ["chalk", "black", "navy", "sky", "sage", "oat", "coral", "mustard", "lilac", "pebble", "cherry", "olive", "mint", "butter", "rust"],
    styles: [
      { style: "crew", name: ["crew-neck tee", "圆领T恤"] },
      { style: "v-neck", name: ["V-neck tee", "V领T恤"], only: ["women", "men"] },
      { style: "scoop", name: ["scoop-neck tee", "大圆领T恤"], only: ["women"] },
      { style: "boxy", name: ["boxy tee", "廓形短款T恤"], only: ["women", "kids"], fits: ["regular"] },
      { style: "long-sleeve", name: ["long-sleeve tee", "长袖T恤"], sleeve: "long" },
      { style: "polo", name: ["polo shirt", "Polo衫"], only: ["men", "kids"], tastes: { classic: 3, sporty: 2, basic: 1 } },
    ],
  },
  {
    kind: "shirt", share: { women: 7, men: 9, kids: 2 }, category: ["Shirts", "衬衫"], sizing: "letters", price: 4500, season: "all", sleeve: "long",
    materials: ["poplin", "oxford", "linen", "silk"], patterns: { plain: 4, pinstripe: 2.5, check: 2, floral: 1, dots: 0.7 }, fits: ["regular", "relaxed", "slim"], occasions: ["work", "everyday"], tastes: TAILORED,
    colours: ["chalk", "sky", "navy", "ivory", "blush", "sage", "black", "indigo", "butter", "mint", "lilac", "burgundy"],
    styles: [
      { style: "classic", name: ["classic shirt", "经典衬衫"] },
      { style: "band", name: ["band-collar shirt", "立领衬衫"] },
      { style: "camp", name: ["camp-collar shirt", "古巴领短袖衬衫"], sleeve: "short", season: "summer", only: ["men", "kids"], materials: ["linen", "cotton"], tastes: { workwear: 2, sporty: 2, basic: 2 } },
      { style: "oversized", name: ["oversized shirt", "廓形衬衫"], only: ["women"], fits: ["regular"] },
      { style: "blouse", name: ["tie-neck blouse", "飘带领衬衫"], only: ["women"], materials: ["silk", "viscose", "satin"], fits: ["regular"], tastes: DRESSY },
    ],
  },
  {
    kind: "sweater", share: { women: 8, men: 7, kids: 4 }, category: ["Knitwear", "针织衫"], sizing: "letters", price: 6500, season: "autumn", sleeve: "long",
    materials: ["merino", "lambswool", "cotton", "cashmere"], patterns: { plain: 7, stripe: 2 }, fits: ["regular", "relaxed"], occasions: ["everyday", "work", "weekend"], tastes: { classic: 4, refined: 2, basic: 1 },
    colours: ["oat", "navy", "camel", "forest", "charcoal", "burgundy", "mist", "mustard", "rust", "ivory", "lilac", "sage"],
    styles: [
      { style: "crew", name: ["crew-neck jumper", "圆领毛衣"] },
      { style: "cable", name: ["cable-knit jumper", "绞花毛衣"], season: "winter", patterns: { plain: 1 } },
      { style: "roll", name: ["roll-neck jumper", "高领毛衣"], season: "winter", only: ["women", "men"] },
      { style: "cardigan", name: ["button-up cardigan", "V领开衫"], season: "spring" },
      { style: "vest", name: ["knitted vest", "针织背心"], sleeve: "none", season: "spring", only: ["women", "men"] },
    ],
  },
  {
    kind: "hoodie", share: { women: 4, men: 6, kids: 6 }, category: ["Hoodies & sweatshirts", "卫衣"], sizing: "letters", price: 4800, season: "all", sleeve: "long",
    materials: ["fleece", "terry", "organic"], patterns: { plain: 8, stripe: 0.8 }, fits: ["regular", "relaxed"], occasions: ["weekend", "sport", "travel"], tastes: { sporty: 4, basic: 2 },
    colours: ["pebble", "black", "navy", "sage", "lilac", "rust", "butter", "sky", "forest", "blush", "oat"],
    styles: [
      { style: "pullover", name: ["pullover hoodie", "连帽卫衣"] },
      { style: "zip", name: ["zip-through hoodie", "拉链连帽卫衣"] },
      { style: "sweatshirt", name: ["sweatshirt", "圆领卫衣"] },
    ],
  },
];

export const DRESSES = [
  {
    kind: "dress", share: { women: 15, kids: 4 }, category: ["Dresses", "连衣裙"], sizing: "dress", price: 7500, season: "summer", sleeve: "short",
    materials: ["viscose", "cotton", "linen", "silk"], patterns: { plain: 4, floral: 4, dots: 2, check: 1, stripe: 0.7 }, fits: ["regular"], occasions: ["holiday", "weekend", "evening"], tastes: DRESSY,
    colours: ["navy", "coral", "sage", "ivory", "black", "rose", "butter", "forest", "lilac", "sky", "cherry", "teal", "plum"],
    styles: [
      { style: "slip", name: ["slip dress", "吊带连衣裙"], sleeve: "none", only: ["women"], materials: ["satin", "silk"], patterns: { plain: 4, floral: 1 }, occasions: ["evening"], tastes: { refined: 4, romantic: 1 } },
      { style: "shirt", name: ["shirt dress", "衬衫式连衣裙"], sleeve: "half", only: ["women"], materials: ["poplin", "linen"], patterns: { plain: 3, pinstripe: 2, check: 1 }, occasions: ["work", "everyday"], tastes: { classic: 3, basic: 1 } },
      { style: "wrap", name: ["wrap dress", "裹身连衣裙"], sleeve: "half", only: ["women"], season: "spring" },
      { style: "tiered", name: ["tiered midi dress", "层叠中长连衣裙"] },
      { style: "a-line", name: ["A-line midi dress", "A字中长连衣裙"], season: "spring" },
      { style: "mini", name: ["skater mini dress", "伞摆短款连衣裙"] },
    ],
  },
  {
    kind: "skirt", share: { women: 8, kids: 2 }, category: ["Skirts", "半身裙"], sizing: "dress", price: 4800, season: "spring",
    materials: ["viscose", "cotton", "satin", "corduroy", "wool"], patterns: { plain: 5, floral: 2, check: 2, dots: 1 }, fits: ["regular"], occasions: ["work", "weekend"], tastes: DRESSY,
    colours: ["black", "camel", "sage", "navy", "rust", "ivory", "burgundy", "denim", "rose", "mustard"],
    styles: [
      { style: "mini", name: ["button-front mini skirt", "排扣短裙"] },
      { style: "pencil", name: ["pencil skirt", "铅笔裙"], only: ["women"], patterns: { plain: 3, pinstripe: 1, check: 1 }, materials: ["wool", "cotton"], occasions: ["work"], tastes: TAILORED },
      { style: "pleated", name: ["pleated midi skirt", "百褶中长裙"] },
      { style: "flared", name: ["flared midi skirt", "伞摆中长裙"] },
    ],
  },
];

export const BOTTOMS = [
  {
    kind: "trousers", share: { women: 6, men: 8, kids: 4 }, category: ["Trousers", "长裤"], sizing: "waist", price: 5500, season: "all",
    materials: ["twill", "linen", "wool", "corduroy"], patterns: { plain: 7, pinstripe: 1.2, check: 1.2 }, fits: ["regular"], occasions: ["work", "everyday"], tastes: TAILORED,
    colours: ["sand", "black", "navy", "charcoal", "olive", "oat", "chocolate", "sage", "camel"],
    styles: [
      { style: "chino", name: ["chinos", "奇诺裤"], fits: ["slim", "regular"], materials: ["twill"], patterns: { plain: 1 }, tastes: { basic: 2, classic: 2, workwear: 2 } },
      { style: "straight", name: ["straight-leg trousers", "直筒长裤"], only: ["women", "men"] },
      { style: "wide", name: ["wide-leg trousers", "阔腿裤"], only: ["women"], materials: ["linen", "wool", "viscose"] },
      { style: "jogger", name: ["joggers", "束脚休闲裤"], materials: ["terry", "fleece"], patterns: { plain: 1 }, occasions: ["sport", "weekend"], tastes: { sporty: 4, basic: 1 } },
    ],
  },
  {
    kind: "jeans", share: { women: 6, men: 6, kids: 3 }, category: ["Jeans", "牛仔裤"], sizing: "waist", price: 6000, season: "all",
    materials: ["denim"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["everyday", "weekend"], tastes: EASY,
    colours: ["denim", "indigo", "black", "sky", "ivory", "pebble"],
    styles: [
      { style: "slim", name: ["slim jeans", "修身牛仔裤"] },
      { style: "straight", name: ["straight-leg jeans", "直筒牛仔裤"] },
      { style: "wide", name: ["wide-leg jeans", "阔腿牛仔裤"], only: ["women", "kids"] },
      { style: "flared", name: ["flared jeans", "喇叭牛仔裤"], only: ["women"] },
    ],
  },
  {
    kind: "shorts", share: { women: 4, men: 5, kids: 5 }, category: ["Shorts", "短裤"], sizing: "waist", price: 3200, season: "summer",
    materials: ["twill", "linen", "terry"], patterns: { plain: 6, check: 1, stripe: 1, floral: 0.6 }, fits: ["regular", "relaxed"], occasions: ["holiday", "weekend"], tastes: EASY,
    colours: ["sand", "navy", "olive", "sky", "chalk", "coral", "sage", "black", "butter"],
    styles: [
      { style: "chino", name: ["chino shorts", "奇诺短裤"], materials: ["twill"] },
      { style: "drawstring", name: ["drawstring shorts", "抽绳短裤"] },
      { style: "bermuda", name: ["Bermuda shorts", "百慕大短裤"], only: ["women", "men"], patterns: { plain: 3, pinstripe: 1 }, tastes: TAILORED },
    ],
  },
];

export const OUTERWEAR = [
  {
    kind: "coat", share: { women: 7, men: 6, kids: 3 }, category: ["Coats", "大衣"], sizing: "letters", price: 15500, season: "winter", sleeve: "long",
    materials: ["wool", "cashmere"], patterns: { plain: 6, check: 1.5 }, fits: ["regular", "relaxed"], occasions: ["work", "everyday"], tastes: TAILORED,
    colours: ["camel", "charcoal", "navy", "black", "forest", "burgundy", "oat", "mist"],
    styles: [
      { style: "single", name: ["single-breasted coat", "单排扣大衣"], only: ["women", "men"] },
      { style: "double", name: ["double-breasted coat", "双排扣大衣"], only: ["women", "men"] },
      { style: "trench", name: ["trench coat", "系带风衣"], only: ["women", "men"], season: "spring", materials: ["gabardine"], patterns: { plain: 1 }, colours: ["sand", "navy", "olive", "black", "camel"] },
      { style: "duffle", name: ["duffle coat", "牛角扣大衣"], materials: ["wool"], patterns: { plain: 1 } },
      { style: "puffer", name: ["puffer jacket", "羽绒服"], materials: ["down"], patterns: { plain: 1 }, colours: ["black", "teal", "mustard", "olive", "cherry", "sky", "plum"], tastes: { sporty: 4, basic: 2 } },
    ],
  },
  {
    kind: "jacket", share: { women: 6, men: 8, kids: 3 }, category: ["Jackets", "夹克外套"], sizing: "letters", price: 8900, season: "spring", sleeve: "long",
    materials: ["twill", "linen"], patterns: { plain: 1 }, fits: ["regular", "relaxed"], occasions: ["weekend", "everyday"], tastes: { workwear: 3, sporty: 1, classic: 1 },
    colours: ["navy", "olive", "sand", "black", "indigo", "rust", "sage", "chocolate"],
    styles: [
      { style: "blazer", name: ["blazer", "西装外套"], only: ["women", "men"], materials: ["wool", "linen"], patterns: { plain: 4, check: 2, pinstripe: 1 }, colours: ["navy", "charcoal", "camel", "oat", "black", "sage"], occasions: ["work", "evening"], tastes: TAILORED },
      { style: "bomber", name: ["bomber jacket", "飞行员夹克"], materials: ["satin", "twill"], tastes: { sporty: 3, basic: 1 } },
      { style: "denim", name: ["denim jacket", "牛仔夹克"], materials: ["denim"], colours: ["denim", "indigo", "black", "sky", "ivory"], tastes: EASY },
      { style: "chore", name: ["chore jacket", "工装外套"], only: ["women", "men"], materials: ["twill", "corduroy", "linen"] },
    ],
  },
];
