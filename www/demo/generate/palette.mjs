/** The shop's colours, by family, with their names in both languages; and colour arithmetic for the drawings. */

/** Families group shades for taste and for filters. */
export const FAMILIES = {
  white: ["White", "白色系"],
  black: ["Black", "黑色系"],
  grey: ["Grey", "灰色系"],
  blue: ["Blue", "蓝色系"],
  green: ["Green", "绿色系"],
  brown: ["Brown", "棕色系"],
  red: ["Red", "红色系"],
  pink: ["Pink", "粉色系"],
  purple: ["Purple", "紫色系"],
  yellow: ["Yellow", "黄色系"],
};

/** Shade → family, sRGB and names. */
export const COLOURS = {
  ivory: { family: "white", hex: "#f3ecdd", en: "ivory", zh: "象牙白" },
  chalk: { family: "white", hex: "#f6f5f1", en: "chalk white", zh: "粉笔白" },
  oat: { family: "white", hex: "#e2d5bd", en: "oat", zh: "燕麦色" },
  black: { family: "black", hex: "#2b2b30", en: "black", zh: "黑色" },
  charcoal: { family: "grey", hex: "#4b4f56", en: "charcoal", zh: "炭灰色" },
  pebble: { family: "grey", hex: "#a9adb2", en: "pebble grey", zh: "卵石灰" },
  mist: { family: "grey", hex: "#ccd1d4", en: "mist grey", zh: "薄雾灰" },
  navy: { family: "blue", hex: "#26375a", en: "navy", zh: "藏青色" },
  indigo: { family: "blue", hex: "#3b5586", en: "indigo", zh: "靛蓝色" },
  denim: { family: "blue", hex: "#5d83b0", en: "mid blue", zh: "中蓝色" },
  sky: { family: "blue", hex: "#a3c5e2", en: "sky blue", zh: "天蓝色" },
  teal: { family: "green", hex: "#2f7478", en: "teal", zh: "水鸭绿" },
  sage: { family: "green", hex: "#a3b596", en: "sage", zh: "鼠尾草绿" },
  olive: { family: "green", hex: "#74764e", en: "olive", zh: "橄榄绿" },
  forest: { family: "green", hex: "#2f5546", en: "forest green", zh: "墨绿色" },
  mint: { family: "green", hex: "#bfdfcd", en: "mint", zh: "薄荷绿" },
  sand: { family: "brown", hex: "#d3bd99", en: "sand", zh: "沙色" },
  camel: { family: "brown", hex: "#c19560", en: "camel", zh: "驼色" },
  tan: { family: "brown", hex: "#a4693c", en: "tan", zh: "棕褐色" },
  chocolate: { family: "brown", hex: "#5a3d30", en: "chocolate", zh: "巧克力色" },
  rust: { family: "red", hex: "#b55c3a", en: "rust", zh: "铁锈红" },
  cherry: { family: "red", hex: "#b7353f", en: "cherry red", zh: "樱桃红" },
  burgundy: { family: "red", hex: "#6f2838", en: "burgundy", zh: "酒红色" },
  coral: { family: "pink", hex: "#e8806f", en: "coral", zh: "珊瑚粉" },
  blush: { family: "pink", hex: "#e8c1b8", en: "blush", zh: "裸粉色" },
  rose: { family: "pink", hex: "#d57f97", en: "rose", zh: "玫瑰粉" },
  lilac: { family: "purple", hex: "#bba8d4", en: "lilac", zh: "丁香紫" },
  plum: { family: "purple", hex: "#62406a", en: "plum", zh: "梅紫色" },
  mustard: { family: "yellow", hex: "#d4a23c", en: "mustard", zh: "姜黄色" },
  butter: { family: "yellow", hex: "#f0dd94", en: "butter yellow", zh: "奶油黄" },
};

function channels(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `a` moved towards `b` by `amount` in [0, 1]. */
export function mix(a, b, amount) {
  const from = channels(a);
  const to = channels(b);
  const mixed = from.map((value, i) => Math.round(value + (to[i] - value) * amount));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Perceived lightness in [0, 1]. */
export function lightness(hex) {
  const [red, green, blue] = channels(hex);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}
