/** Kinds of shoes and accessories; the same shape as in clothes.mjs. `group` is a category between department and kind. */
const SHOES = ["Shoes", "鞋履"];

export const FOOTWEAR = [
  {
    kind: "sneakers", share: { women: 5, men: 6, kids: 5 }, group: SHOES, category: ["Trainers", "运动休闲鞋"], sizing: "shoes", price: 7500, season: "all",
    materials: ["canvas", "leather"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["everyday", "weekend"], tastes: { basic: 2, sporty: 3, workwear: 1 },
    colours: ["chalk", "navy", "black", "sage", "sky", "coral", "oat", "butter", "pebble", "cherry"],
    styles: [
      { style: "low", name: ["low-top trainers", "低帮板鞋"] },
      { style: "high-top", name: ["high-top trainers", "高帮帆布鞋"], materials: ["canvas"] },
      { style: "runner", name: ["running shoes", "轻量跑鞋"], materials: ["knit"], occasions: ["sport"], tastes: { sporty: 5 } },
    ],
  },
  {
    kind: "boots", share: { women: 5, men: 4, kids: 1.5 }, group: SHOES, category: ["Boots", "靴子"], sizing: "shoes", price: 12500, season: "autumn",
    materials: ["leather", "suede"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["everyday", "work"], tastes: { classic: 3, workwear: 2, refined: 2 },
    colours: ["black", "tan", "chocolate", "burgundy", "sand", "forest"],
    styles: [
      { style: "chelsea", name: ["Chelsea boots", "切尔西靴"] },
      { style: "lace-up", name: ["lace-up boots", "系带短靴"] },
      { style: "knee", name: ["knee-high boots", "及膝长靴"], only: ["women"], season: "winter" },
      { style: "heeled", name: ["heeled ankle boots", "粗跟踝靴"], only: ["women"] },
    ],
  },
  {
    kind: "sandals", share: { women: 6, men: 2, kids: 2 }, group: SHOES, category: ["Sandals", "凉鞋"], sizing: "shoes", price: 5500, season: "summer",
    materials: ["leather", "suede"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["holiday", "weekend"], tastes: { romantic: 2, classic: 1, basic: 2, refined: 1 },
    colours: ["tan", "black", "ivory", "blush", "coral", "olive", "butter"],
    styles: [
      { style: "slide", name: ["slides", "一字拖凉鞋"] },
      { style: "strappy", name: ["strappy sandals", "绑带凉鞋"], only: ["women"] },
      { style: "buckle", name: ["double-buckle sandals", "双扣凉鞋"] },
      { style: "espadrille", name: ["espadrille sandals", "草编底凉鞋"], only: ["women"], materials: ["canvas", "suede"] },
    ],
  },
  {
    kind: "loafers", share: { women: 3, men: 4 }, group: SHOES, category: ["Loafers", "乐福鞋"], sizing: "shoes", price: 9800, season: "spring",
    materials: ["leather", "suede"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["work"], tastes: { classic: 3, refined: 3 },
    colours: ["black", "chocolate", "tan", "burgundy", "navy", "sage"],
    styles: [
      { style: "penny", name: ["penny loafers", "便士乐福鞋"] },
      { style: "horsebit", name: ["bar loafers", "金属扣乐福鞋"] },
      { style: "tassel", name: ["tassel loafers", "流苏乐福鞋"] },
    ],
  },
];

const FREE = { basic: 1, classic: 1, refined: 1, workwear: 1, sporty: 1, romantic: 1 };

export const ACCESSORIES = [
  {
    kind: "bag", share: { accessories: 13 }, category: ["Bags", "包袋"], sizing: "one", price: 8500, season: "all",
    materials: ["leather", "canvas", "suede"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["everyday", "work"], tastes: { refined: 3, classic: 2, romantic: 1 },
    colours: ["tan", "black", "burgundy", "oat", "forest", "navy", "blush", "camel", "sage", "plum"],
    styles: [
      { style: "tote", name: ["tote bag", "托特包"], materials: ["leather", "canvas"], occasions: ["work", "everyday"] },
      { style: "backpack", name: ["backpack", "双肩包"], materials: ["canvas"], patterns: { plain: 3, check: 1 }, occasions: ["school", "travel"], tastes: { sporty: 3, workwear: 2, basic: 1 } },
      { style: "bucket", name: ["bucket bag", "水桶包"] },
      { style: "crossbody", name: ["crossbody bag", "斜挎包"], occasions: ["weekend", "evening"] },
      { style: "moon", name: ["half-moon shoulder bag", "半月单肩包"], occasions: ["evening", "weekend"] },
    ],
  },
  {
    kind: "hat", share: { accessories: 10 }, category: ["Hats", "帽子"], sizing: "hat", price: 2600, season: "summer",
    materials: ["cotton"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["weekend"], tastes: FREE,
    colours: ["navy", "sand", "black", "sage", "rust", "oat", "cherry", "charcoal", "mustard"],
    styles: [
      { style: "cap", name: ["baseball cap", "棒球帽"], materials: ["twill", "corduroy"], tastes: { sporty: 3, basic: 2, workwear: 2 }, occasions: ["sport", "weekend"] },
      { style: "beanie", name: ["ribbed beanie", "罗纹针织帽"], materials: ["merino", "lambswool", "cashmere"], season: "winter" },
      { style: "straw", name: ["wide-brim sun hat", "宽檐遮阳帽"], materials: ["straw", "raffia"], colours: ["sand", "oat", "camel", "ivory"], occasions: ["holiday"], tastes: { romantic: 3, classic: 2 } },
      { style: "bucket", name: ["bucket hat", "渔夫帽"], materials: ["canvas", "linen"], patterns: { plain: 3, check: 1, floral: 1 }, occasions: ["holiday", "weekend"] },
      { style: "fedora", name: ["felt fedora", "宽檐礼帽"], materials: ["wool"], season: "autumn", colours: ["camel", "charcoal", "black", "burgundy", "forest"], tastes: { refined: 2, classic: 2 } },
    ],
  },
  {
    kind: "scarf", share: { accessories: 8 }, category: ["Scarves", "围巾丝巾"], sizing: "one", price: 3900, season: "winter",
    materials: ["lambswool", "cashmere", "merino"], patterns: { plain: 3, check: 3, stripe: 1 }, fits: ["regular"], occasions: ["everyday", "work"], tastes: { classic: 3, refined: 2, basic: 1 },
    colours: ["camel", "navy", "burgundy", "mist", "forest", "mustard", "oat", "rose", "charcoal"],
    styles: [
      { style: "knit", name: ["fringed scarf", "流苏围巾"] },
      { style: "blanket", name: ["blanket scarf", "披肩大围巾"] },
      { style: "square", name: ["square scarf", "方形丝巾"], materials: ["silk"], patterns: { floral: 3, dots: 2, plain: 1 }, season: "spring", colours: ["coral", "sky", "ivory", "navy", "sage", "lilac"], tastes: { romantic: 3, refined: 3 } },
    ],
  },
  {
    kind: "belt", share: { accessories: 6 }, category: ["Belts", "腰带"], sizing: "belt", price: 3600, season: "all",
    materials: ["leather", "suede"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["work", "everyday"], tastes: { classic: 2, workwear: 2, refined: 2, basic: 1 },
    colours: ["black", "tan", "chocolate", "navy", "burgundy", "camel"],
    styles: [
      { style: "classic", name: ["buckle belt", "针扣腰带"] },
      { style: "woven", name: ["woven belt", "编织腰带"], materials: ["leather", "canvas"] },
      { style: "wide", name: ["wide waist belt", "宽版腰封"], tastes: { romantic: 2, refined: 2 } },
      { style: "round", name: ["ring-buckle belt", "圆扣腰带"] },
    ],
  },
  {
    kind: "sunglasses", share: { accessories: 6 }, category: ["Sunglasses", "太阳镜"], sizing: "one", price: 6900, season: "summer",
    materials: ["acetate"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["holiday", "travel"], tastes: FREE,
    colours: ["black", "chocolate", "tan", "navy", "olive", "rose", "plum"],
    styles: [
      { style: "round", name: ["round sunglasses", "圆框太阳镜"] },
      { style: "square", name: ["square sunglasses", "方框太阳镜"] },
      { style: "cat", name: ["cat-eye sunglasses", "猫眼太阳镜"] },
      { style: "aviator", name: ["aviator sunglasses", "飞行员太阳镜"], materials: ["steel"] },
    ],
  },
  {
    kind: "watch", share: { accessories: 6 }, category: ["Watches", "腕表"], sizing: "one", price: 13500, season: "all",
    materials: ["leather"], patterns: { plain: 1 }, fits: ["regular"], occasions: ["work", "evening"], tastes: { refined: 3, classic: 3, workwear: 1 },
    colours: ["tan", "black", "navy", "forest", "burgundy", "chocolate"],
    styles: [
      { style: "leather", name: ["leather-strap watch", "真皮表带腕表"] },
      { style: "bracelet", name: ["bracelet watch", "链带腕表"], materials: ["steel"], colours: ["black", "navy", "forest", "ivory"] },
      { style: "square", name: ["square-dial watch", "方形腕表"] },
      { style: "chronograph", name: ["chronograph watch", "计时腕表"] },
    ],
  },
  {
    kind: "socks", share: { accessories: 7 }, category: ["Socks", "袜子"], sizing: "socks", price: 900, season: "all",
    materials: ["cotton", "merino", "organic"], patterns: { plain: 3, stripe: 3, dots: 2, check: 0.8 }, fits: ["regular"], occasions: ["everyday"], tastes: FREE,
    colours: ["navy", "mustard", "chalk", "rust", "sage", "black", "rose", "sky", "burgundy"],
    styles: [
      { style: "crew", name: ["crew socks", "中筒袜"] },
      { style: "ankle", name: ["ankle socks", "短筒袜"], season: "summer" },
      { style: "knee", name: ["knee-high socks", "及膝长筒袜"], season: "winter" },
    ],
  },
];
