/** T-shirts, shirts, knitwear and hoodies. Each function draws one garment; `style` picks the silhouette. */
import { path } from "../draw.mjs";
import { CUT, body, bodyV, drawBackNeck, drawBodyFolds, drawPlacket, drawShirtCollar, sleeve } from "./torso.mjs";

export function drawTshirt(sheet, { style }) {
  const cut = { ...CUT };
  if (style === "boxy") Object.assign(cut, { hem: 104, chest: 102, bottom: 366, shoulderX: 112 });
  const long = style === "long-sleeve";
  sheet.cloth(sleeve(cut, long ? "long" : "short", 28), { both: true });
  if (long) sheet.line(path("M", 322, 391, "L", 351, 386), { both: true });
  else sheet.line(path("M", 316, 219, "L", 352, 199), { both: true, dash: "3 3" });
  const vee = style === "v-neck";
  const depth = vee ? 62 : style === "scoop" ? 54 : 30;
  drawBackNeck(sheet, cut, depth * (vee ? 0.8 : 1));
  sheet.cloth(vee ? bodyV(cut, depth) : body(cut, depth));
  const { neckWidth: w, neckY: y } = cut;
  if (style === "polo") {
    drawShirtCollar(sheet, cut);
    drawPlacket(sheet, y + 32, y + 100, 3, { width: 8 });
  } else {
    const rim = vee
      ? path("M", 200 - w, y, "Q", 200 - w * 0.5, y + depth * 0.6, 200, y + depth, "Q", 200 + w * 0.5, y + depth * 0.6, 200 + w, y)
      : path("M", 200 - w, y, "C", 200 - w, y + depth * 0.55, 200 - w * 0.62, y + depth, 200, y + depth, "C", 200 + w * 0.62, y + depth, 200 + w, y + depth * 0.55, 200 + w, y);
    sheet.line(rim, { width: 11, stroke: sheet.dark, opacity: 1, cap: "butt" });
    sheet.line(rim, { width: 1, opacity: 0.5 });
  }
  drawBodyFolds(sheet, cut);
  sheet.line(path("M", 200 - cut.hem + 2, cut.bottom - 11, "Q", 200, cut.bottom - 3, 200 + cut.hem - 2, cut.bottom - 11), { dash: "3 3" });
  if (style === "crew" && !sheet.patterned) sheet.line(path("M", 226, 176, "h", 34, "v", 32, "q", -17, 12, -34, 0, "Z"), { width: 1.2 });
}

export function drawShirt(sheet, { style }) {
  const cut = { ...CUT, bottom: 414 };
  if (style === "oversized") Object.assign(cut, { chest: 106, hem: 108, shoulderX: 116 });
  const short = style === "camp";
  sheet.cloth(sleeve(cut, short ? "short" : "long", 30), { both: true });
  if (!short) {
    const x = cut.shoulderX - CUT.shoulderX;
    sheet.line(path("M", 319 + x, 374, "L", 350 + x, 369), { both: true });
    sheet.dots([[327 + x, 386]], 2.6, sheet.pale);
  }
  const collarless = style === "band";
  drawBackNeck(sheet, cut, 34);
  sheet.cloth(body(cut, collarless ? 26 : 30));
  const { bottom } = cut;
  drawPlacket(sheet, collarless ? 124 : short ? 160 : 132, style === "blouse" ? bottom + 2 : bottom + 5, short ? 5 : 6);
  if (collarless) {
    sheet.line(path("M", 161, 95, "C", 161, 112, 176, 124, 200, 124, "C", 224, 124, 239, 112, 239, 95), { width: 13, stroke: sheet.dark, opacity: 1, cap: "butt" });
  } else if (style === "blouse") {
    drawShirtCollar(sheet, cut);
    sheet.cloth(path("M", 202, 128, "Q", 236, 108, 250, 140, "Q", 240, 158, 202, 138, "Q", 226, 190, 216, 236, "L", 232, 232, "Q", 236, 170, 204, 134, "Z"), { both: true, width: 1 });
  } else drawShirtCollar(sheet, cut, { spread: short ? 34 : 0 });
  if (style !== "blouse") sheet.cloth(path("M", 226, 188, "h", 42, "v", 42, "q", -21, 14, -42, 0, "Z"), { width: 1.2 });
  drawBodyFolds(sheet, cut);
  sheet.line(path("M", 200 + 32, 106, "Q", 250, 132, 296, 140), { both: true, width: 1, opacity: 0.45 });
}

/** Ribbing along a line: a broad stroke, dashed into thin ribs. */
function drawRib(sheet, d, height, both = false) {
  sheet.line(d, { width: height, opacity: 0.35, dash: "1.5 5.5", cap: "butt", both });
}

export function drawSweater(sheet, { style }) {
  const cut = { ...CUT, chest: 100, hem: 90, shoulderX: 108, bottom: 400 };
  const cardigan = style === "cardigan";
  const vest = style === "vest";
  if (!vest) {
    sheet.cloth(sleeve(cut, "long", 34), { both: true });
    sheet.line(path("M", 324, 368, "L", 354, 362), { both: true });
    drawRib(sheet, path("M", 323, 386, "L", 356, 380), 30, true);
  }
  const deep = cardigan || vest;
  drawBackNeck(sheet, cut, deep ? 84 : 26);
  const cable = style === "cable";
  const stitch = cable ? "M8 0q0 17 8 17t8 17M24 0q0 17-8 17t-8 17M1 0v34" : "M0 1l5 5 5-5";
  sheet.define(
    `<pattern id="k" width="${cable ? 32 : 10}" height="${cable ? 34 : 9}" patternUnits="userSpaceOnUse">` +
      `<path d="${stitch}" fill="none" stroke="#140c1c" stroke-opacity=".18" stroke-width="${cable ? 3 : 1.5}"/></pattern>`,
  );
  sheet.cloth(deep ? bodyV(cut, cardigan ? 110 : 76) : body(cut, 26), { texture: "k" });
  drawBodyFolds(sheet, cut);
  if (style === "roll") {
    sheet.cloth(path("M", 158, 104, "Q", 152, 74, 162, 58, "Q", 200, 46, 238, 58, "Q", 248, 74, 242, 104, "Q", 200, 134, 158, 104, "Z"), { pattern: false });
    sheet.line(path("M", 158, 82, "Q", 200, 102, 242, 82), { opacity: 0.5 });
    drawRib(sheet, path("M", 162, 74, "Q", 200, 66, 238, 74), 22);
  } else if (deep) {
    const end = cardigan ? 206 : 172;
    sheet.line(path("M", 160, 95, "Q", 178, end - 52, 200, end, "Q", 222, end - 52, 240, 95), { width: 13, stroke: sheet.dark, opacity: 1, cap: "butt" });
  } else {
    sheet.line(path("M", 160, 95, "C", 160, 112, 175, 122, 200, 122, "C", 225, 122, 240, 112, 240, 95), { width: 14, stroke: sheet.dark, opacity: 1, cap: "butt" });
  }
  const { hem, bottom } = cut;
  sheet.shape(path("M", 200 - hem, bottom - 22, "H", 200 + hem, "L", 200 + hem, bottom, "Q", 200, bottom + 14, 200 - hem, bottom, "Z"), sheet.dark, { opacity: 0.55 });
  drawRib(sheet, path("M", 200 - hem, bottom - 10, "Q", 200, bottom - 2, 200 + hem, bottom - 10), 22);
  if (vest) sheet.line(path("M", 306, 120, "Q", 298, 158, 300, 192), { both: true, width: 10, stroke: sheet.dark, opacity: 1, cap: "butt" });
  if (cardigan) {
    sheet.line(path("M", 200, 204, "V", bottom + 6), { width: 18, stroke: sheet.dark, opacity: 1, cap: "butt" });
    drawPlacket(sheet, 208, bottom + 4, 5, { fill: sheet.trim });
  }
}

export function drawHoodie(sheet, { style }) {
  const cut = { ...CUT, chest: 102, hem: 92, shoulderX: 110, bottom: 402 };
  const sweatshirt = style === "sweatshirt";
  sheet.cloth(sleeve(cut, "long", 36), { both: true });
  sheet.line(path("M", 325, 372, "L", 357, 366), { both: true });
  if (sweatshirt) drawBackNeck(sheet, cut, 26);
  else {
    sheet.cloth(path("M", 146, 112, "Q", 138, 48, 200, 44, "Q", 262, 48, 254, 112, "Q", 200, 156, 146, 112, "Z"));
    sheet.shape(path("M", 164, 108, "Q", 158, 66, 200, 62, "Q", 242, 66, 236, 108, "Q", 200, 150, 164, 108, "Z"), sheet.deep);
  }
  sheet.cloth(body(cut, sweatshirt ? 26 : 34));
  drawBodyFolds(sheet, cut);
  if (sweatshirt) {
    sheet.line(path("M", 160, 95, "C", 160, 112, 175, 122, 200, 122, "C", 225, 122, 240, 112, 240, 95), { width: 13, stroke: sheet.dark, opacity: 1, cap: "butt" });
    sheet.line(path("M", 184, 130, "L", 200, 150, "L", 216, 130), { opacity: 0.6 });
  } else {
    sheet.cloth(path("M", 148, 104, "Q", 150, 140, 200, 156, "Q", 250, 140, 252, 104, "Q", 240, 132, 200, 138, "Q", 160, 132, 148, 104, "Z"), { width: 1.2 });
    sheet.cloth(path("M", 146, 298, "H", 254, "L", 276, 362, "H", 124, "Z"), { width: 1.3 });
    sheet.line(path("M", 182, 148, "Q", 178, 190, 181, 226, "M", 218, 148, "Q", 223, 184, 218, 212), { stroke: sheet.pale, width: 3.5, opacity: 1 });
  }
  if (style === "zip") {
    sheet.line(path("M", 200, 150, "V", 404), { width: 5, stroke: sheet.deep, opacity: 1 });
    sheet.line(path("M", 200, 152, "V", 402), { width: 2, stroke: sheet.trim, dash: "2 2", opacity: 1, cap: "butt" });
  }
  sheet.line(path("M", 108, 384, "Q", 200, 398, 292, 384), { opacity: 0.6 });
}
