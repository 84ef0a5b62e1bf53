/** Words of the shop in English and Simplified Chinese: `[en, zh]`. */

export const DEPARTMENTS = {
  women: ["Women", "女装"],
  men: ["Men", "男装"],
  kids: ["Kids", "童装"],
  accessories: ["Accessories", "配饰"],
};

/** How a Chinese title names whom a garment is cut for. */
export const WEARER_ZH = { women: "女士", men: "男士", kids: "儿童", accessories: "" };

/** `noun`: for attributes; `title`: before the article's name in a title. */
export const MATERIALS = {
  cotton: { noun: ["Cotton", "纯棉"], title: ["cotton", "纯棉"] },
  organic: { noun: ["Organic cotton", "有机棉"], title: ["organic cotton", "有机棉"] },
  poplin: { noun: ["Cotton poplin", "棉质府绸"], title: ["poplin", "府绸"] },
  oxford: { noun: ["Oxford cotton", "牛津纺棉"], title: ["Oxford cotton", "牛津纺"] },
  linen: { noun: ["Linen", "亚麻"], title: ["linen", "亚麻"] },
  silk: { noun: ["Mulberry silk", "桑蚕丝"], title: ["silk", "真丝"] },
  viscose: { noun: ["Viscose", "粘胶纤维"], title: ["fluid", "垂感"] },
  satin: { noun: ["Satin", "缎面"], title: ["satin", "缎面"] },
  merino: { noun: ["Merino wool", "美丽诺羊毛"], title: ["merino", "美丽诺羊毛"] },
  lambswool: { noun: ["Lambswool", "羔羊毛"], title: ["lambswool", "羔羊毛"] },
  cashmere: { noun: ["Cashmere", "羊绒"], title: ["cashmere", "羊绒"] },
  wool: { noun: ["Wool", "羊毛"], title: ["wool", "羊毛"] },
  fleece: { noun: ["Brushed fleece", "磨毛抓绒"], title: ["brushed fleece", "磨毛"] },
  terry: { noun: ["Cotton terry", "毛圈棉"], title: ["terry", "毛圈棉"] },
  twill: { noun: ["Cotton twill", "棉质斜纹布"], title: ["cotton twill", "斜纹棉"] },
  denim: { noun: ["Denim", "丹宁牛仔布"], title: ["denim", "牛仔"] },
  corduroy: { noun: ["Corduroy", "灯芯绒"], title: ["corduroy", "灯芯绒"] },
  gabardine: { noun: ["Gabardine", "华达呢"], title: ["gabardine", "华达呢"] },
  down: { noun: ["Recycled polyester, down fill", "再生聚酯纤维，羽绒填充"], title: ["down-filled", "羽绒"] },
  leather: { noun: ["Leather", "真皮"], title: ["leather", "真皮"] },
  suede: { noun: ["Suede", "绒面革"], title: ["suede", "绒面革"] },
  canvas: { noun: ["Canvas", "帆布"], title: ["canvas", "帆布"] },
  knit: { noun: ["Recycled knit", "再生针织面料"], title: ["knitted", "针织"] },
  straw: { noun: ["Paper straw", "纸草"], title: ["straw", "草编"] },
  raffia: { noun: ["Raffia", "拉菲草"], title: ["raffia", "拉菲草"] },
  acetate: { noun: ["Bio-acetate", "生物基板材"], title: ["acetate", "板材"] },
  steel: { noun: ["Stainless steel", "不锈钢"], title: ["steel", "精钢"] },
};

export const PATTERNS = {
  plain: { noun: ["Plain", "纯色"], title: ["", ""] },
  stripe: { noun: ["Striped", "条纹"], title: ["striped", "条纹"] },
  pinstripe: { noun: ["Pinstripe", "细条纹"], title: ["pinstripe", "细条纹"] },
  check: { noun: ["Checked", "格纹"], title: ["checked", "格纹"] },
  dots: { noun: ["Polka dot", "波点"], title: ["polka-dot", "波点"] },
  floral: { noun: ["Floral", "碎花"], title: ["floral", "碎花"] },
};

export const FITS = {
  regular: { noun: ["Regular", "标准版型"], title: ["", ""] },
  relaxed: { noun: ["Relaxed", "宽松版型"], title: ["relaxed", "宽松"] },
  slim: { noun: ["Slim", "修身版型"], title: ["slim", "修身"] },
};

export const SLEEVES = {
  none: ["Sleeveless", "无袖"],
  short: ["Short sleeve", "短袖"],
  half: ["Elbow sleeve", "五分袖"],
  long: ["Long sleeve", "长袖"],
};

export const OCCASIONS = {
  everyday: ["Everyday", "日常"],
  work: ["Work", "通勤"],
  weekend: ["Weekend", "周末休闲"],
  holiday: ["Holiday", "度假"],
  evening: ["Evening", "晚间聚会"],
  sport: ["Active", "运动"],
  school: ["School", "校园"],
  travel: ["Travel", "出行"],
};

export const SEASONS = {
  all: ["All year", "四季"],
  spring: ["Spring", "春季"],
  summer: ["Summer", "夏季"],
  autumn: ["Autumn", "秋季"],
  winter: ["Winter", "冬季"],
};

/** Sizes by scheme, as the product page offers them. */
export const SIZES = {
  letters: { women: "XS, S, M, L, XL", men: "S, M, L, XL, XXL", kids: "3–4Y, 5–6Y, 7–8Y, 9–10Y, 11–12Y" },
  waist: { women: "UK 6, UK 8, UK 10, UK 12, UK 14, UK 16", men: "W28, W30, W32, W34, W36", kids: "3–4Y, 5–6Y, 7–8Y, 9–10Y, 11–12Y" },
  dress: { women: "UK 6, UK 8, UK 10, UK 12, UK 14, UK 16", kids: "3–4Y, 5–6Y, 7–8Y, 9–10Y, 11–12Y" },
  shoes: { women: "EU 36, EU 37, EU 38, EU 39, EU 40, EU 41", men: "EU 40, EU 41, EU 42, EU 43, EU 44, EU 45", kids: "EU 28, EU 30, EU 32, EU 34, EU 36" },
  belt: { accessories: "80 cm, 90 cm, 100 cm, 110 cm" },
  socks: { accessories: "EU 35–38, EU 39–42, EU 43–46" },
  hat: { accessories: "S/M, L/XL" },
  one: { accessories: "One size" },
};
export const ONE_SIZE_ZH = "均码";

/** Invented labels: `tier` multiplies prices, `taste` is what their customers like. */
export const BRANDS = [
  { name: "Plainsong", tier: 0.72, taste: "basic", departments: ["women", "men", "kids", "accessories"] },
  { name: "Osier Lane", tier: 1, taste: "classic", departments: ["women", "accessories"] },
  { name: "Solenne Vey", tier: 1.75, taste: "refined", departments: ["women", "accessories"] },
  { name: "Kestrel Yard", tier: 1.05, taste: "workwear", departments: ["men", "accessories"] },
  { name: "Tarn & Thistle", tier: 1.35, taste: "classic", departments: ["women", "men", "accessories"] },
  { name: "Skiff Nine", tier: 0.88, taste: "sporty", departments: ["women", "men", "kids", "accessories"] },
  { name: "Mirabel Wild", tier: 0.95, taste: "romantic", departments: ["women", "kids", "accessories"] },
  { name: "Corvane", tier: 1.9, taste: "refined", departments: ["men", "women", "accessories"] },
  { name: "Pip & Pebble", tier: 0.68, taste: "basic", departments: ["kids"] },
];
