/** The catalogue: products in a few colours each, with texts in both languages, prices and stock. */
import { COLOURS, FAMILIES } from "./palette.mjs";
import { KINDS } from "./kinds/index.mjs";
import { Rng } from "./rng.mjs";
import * as en from "./text-en.mjs";
import * as zh from "./text-zh.mjs";
import { BRANDS, DEPARTMENTS, FITS, MATERIALS, OCCASIONS, ONE_SIZE_ZH, PATTERNS, SEASONS, SIZES, SLEEVES, WEARER_ZH } from "./vocabulary.mjs";

/** Names that tell apart products which would otherwise read the same. */
const EDITIONS = [["Harbour", "港湾系列"], ["Meadow", "草地系列"], ["Cedar", "雪松系列"], ["Atelier", "工坊系列"], ["Juniper", "杜松系列"], ["Dune", "沙丘系列"]];
const CURRENCY = "GBP";

export const COLUMNS = [
  "id", "group_id", "locale", "title", "title:zh-CN", "description", "description:zh-CN", "brand", "category", "category:zh-CN",
  "price", "sale_price", "availability", "image", "link",
  ...["color", "color_family", "material", "pattern", "fit", "sleeve", "occasion", "season", "sizes"].flatMap((name) => [`attr:${name}`, `attr:${name}:zh-CN`]),
];

/**
 * Draws `count` items. Each has the columns of the file under `row`, what the drawing needs under `look`, and what the
 * shoppers' simulation needs under `traits`.
 */
export function makeCatalogue(count, seed) {
  const rng = Rng.named(seed, "catalogue");
  const taken = new Set();
  const perKind = new Map();
  const items = [];
  for (const { kind, department } of plan(count)) {
    if (items.length >= count) break;
    const number = (perKind.get(kind.kind) ?? 0) + 1;
    perKind.set(kind.kind, number);
    const product = makeProduct(rng, kind, department, taken);
    const group = `${kind.kind}-${String(number).padStart(3, "0")}`;
    const colours = rng.sample(product.colours, rng.int(2, 4)).slice(0, count - items.length);
    colours.forEach((colour, round) => items.push({ round, item: makeItem(rng, product, group, colour) }));
  }
  // Every product in its first colour, then in its second: shelves that begin at the front show many products.
  return items.sort((a, b) => a.round - b.round).map(({ item }) => item);
}

/** Kinds and departments in turn, each as often as its share, spread evenly over the catalogue. */
function* plan(count) {
  const cells = KINDS.flatMap((kind) => Object.entries(kind.share).map(([department, share]) => ({ kind, department, share, due: 0 })));
  const total = cells.reduce((sum, cell) => sum + cell.share, 0);
  for (let i = 0; i < count; i += 1) {
    let best = cells[0];
    for (const cell of cells) {
      cell.due += cell.share / total;
      if (cell.due > best.due) best = cell;
    }
    best.due -= 1;
    yield best;
  }
}

function makeProduct(rng, kind, department, taken) {
  const styles = kind.styles.filter(({ only }) => !only || only.includes(department));
  for (let attempt = 0; ; attempt += 1) {
    const cut = { ...kind, ...rng.pick(styles) };
    const tastes = cut.tastes;
    const brands = BRANDS.filter(({ departments }) => departments.includes(department));
    const brand = brands[rng.weightedIndex(brands.map(({ taste }) => (tastes[taste] ?? 0) + 0.15))];
    const product = {
      kind, cut, department, brand,
      material: rng.pick(cut.materials),
      pattern: rng.weightedKey(cut.patterns),
      fit: rng.pick(cut.fits),
      occasion: rng.pick(cut.occasions),
      edition: attempt < 30 ? undefined : EDITIONS[Math.floor((attempt - 30) / 3) % EDITIONS.length],
      phrase: rng.int(0, 2),
      kidsPhrase: rng.int(0, 1),
    };
    const key = `${brand.name} ${department} ${titleEn(product, "")}`;
    if (taken.has(key) && attempt < 400) continue;
    taken.add(key);
    product.colours = cut.colours;
    product.price = priceOf(rng, product);
    product.sale = rng.chance(cut.season === "winter" ? 0.35 : 0.14) ? rng.pick([0.9, 0.8, 0.7, 0.6]) : undefined;
    product.quality = rng.normal();
    return product;
  }
}

/** In pence, ending in .00 or .95 as shops like it. */
function priceOf(rng, { kind, cut, brand, department, material }) {
  const precious = { silk: 1.5, cashmere: 1.9, leather: 1.2, merino: 1.15, wool: 1.1 }[material] ?? 1;
  const small = department === "kids" ? 0.58 : 1;
  const knee = cut.style === "knee" && kind.kind === "boots" ? 1.3 : 1;
  const pounds = (cut.price / 100) * brand.tier * precious * small * knee * (0.88 + rng.next() * 0.28);
  const rounded = pounds < 40 ? Math.max(4, Math.round(pounds)) : Math.round(pounds / 5) * 5;
  return rounded * 100 - (brand.tier < 1 ? 5 : 0);
}

/** The material's name in a title, unless the article's name says it already. */
function materialInTitle({ material, cut }, language) {
  const word = MATERIALS[material].title[language];
  const said = language === 0 ? cut.name[0].includes(word) || cut.name[0].includes("jeans") : cut.name[1].includes(word) || cut.name[1].includes("牛仔");
  return said ? "" : word;
}

function titleEn(product, colour) {
  return en.title({
    fit: FITS[product.fit].title[0],
    pattern: PATTERNS[product.pattern].title[0],
    material: materialInTitle(product, 0),
    noun: product.cut.name[0],
    colour,
    edition: product.edition?.[0] ?? "",
    kids: product.department === "kids",
  });
}

function titleZh(product, colour) {
  return zh.title({
    wearer: WEARER_ZH[product.department],
    fit: product.cut.name[1].includes(FITS[product.fit].title[1]) ? "" : FITS[product.fit].title[1],
    pattern: PATTERNS[product.pattern].title[1],
    material: materialInTitle(product, 1),
    noun: product.cut.name[1],
    colour,
    edition: product.edition?.[1] ?? "",
  });
}

function describe(words, { kind, cut, material, occasion, phrase, department, kidsPhrase }) {
  const sentences = [words.STYLE[kind.kind][cut.style], words.MATERIAL[material], words.OCCASION[occasion][phrase]];
  if (department === "kids") sentences[2] = words.KIDS[kidsPhrase];
  return words.join(sentences);
}

function categoryPath({ kind, department }, language) {
  return [DEPARTMENTS[department][language], kind.group?.[language], kind.category[language]].filter(Boolean).join(" > ");
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const pounds = (pence) => `${(pence / 100).toFixed(2)} ${CURRENCY}`;

function makeItem(rng, product, group, colour) {
  const { kind, cut, department, brand, material, pattern, fit, occasion } = product;
  const shade = COLOURS[colour];
  const id = `${group}-${colour}`;
  const sizes = SIZES[kind.sizing][department] ?? SIZES[kind.sizing].accessories;
  const stock = rng.next();
  const availability = stock < 0.05 ? "out of stock" : stock < 0.065 ? "preorder" : "in stock";
  const row = {
    id, group_id: group, locale: "en",
    title: titleEn(product, shade.en), "title:zh-CN": titleZh(product, shade.zh),
    description: describe(en, product), "description:zh-CN": describe(zh, product),
    brand: brand.name,
    category: categoryPath(product, 0), "category:zh-CN": categoryPath(product, 1),
    price: pounds(product.price),
    sale_price: product.sale ? pounds(Math.round((product.price * product.sale) / 100) * 100 - 5) : "",
    availability, image: `images/${id}.svg`, link: `#/p/${id}`,
  };
  const attribute = (name, [english, chinese]) => {
    row[`attr:${name}`] = english;
    row[`attr:${name}:zh-CN`] = chinese;
  };
  attribute("color", [capital(shade.en), shade.zh]);
  attribute("color_family", FAMILIES[shade.family]);
  attribute("material", MATERIALS[material].noun);
  attribute("pattern", PATTERNS[pattern].noun);
  if (cut.fits.length > 1) attribute("fit", FITS[fit].noun);
  if (cut.sleeve) attribute("sleeve", SLEEVES[cut.sleeve]);
  attribute("occasion", OCCASIONS[occasion]);
  attribute("season", SEASONS[cut.season]);
  attribute("sizes", [sizes, sizes === "One size" ? ONE_SIZE_ZH : sizes.replaceAll("Y", "岁")]);
  return {
    row,
    look: { drawing: kind.kind, style: cut.style, hex: shade.hex, pattern, kids: department === "kids" },
    traits: {
      id, group, kind: kind.kind, style: cut.style, department, brand, occasion, season: cut.season, pattern,
      family: shade.family, taste: brand.taste, price: product.price, available: availability === "in stock",
      // How much people like the product, and this colour of it.
      appeal: product.quality + 0.5 * rng.normal(),
    },
  };
}
