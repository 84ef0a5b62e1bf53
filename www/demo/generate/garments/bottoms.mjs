/** Trousers, jeans and shorts. */
import { path, symmetric } from "../draw.mjs";

/** Half-widths from the waist down; `out` and `inner` are the hem's ends. */
const LEGS = {
  slim: { waist: 64, hip: 88, knee: 74, out: 62, inner: 22, bottom: 452 },
  straight: { waist: 66, hip: 90, knee: 86, out: 84, inner: 24, bottom: 452 },
  wide: { waist: 66, hip: 94, knee: 112, out: 122, inner: 20, bottom: 450 },
  tapered: { waist: 66, hip: 98, knee: 88, out: 66, inner: 26, bottom: 440 },
  flared: { waist: 62, hip: 86, knee: 76, out: 104, inner: 20, bottom: 452 },
  shorts: { waist: 74, hip: 104, knee: 116, out: 118, inner: 14, bottom: 318 },
  "long-shorts": { waist: 72, hip: 100, knee: 108, out: 106, inner: 18, bottom: 372 },
};
const TOP = 66;

function legs({ waist, hip, knee, out, inner, bottom }) {
  const mid = (196 + bottom) / 2;
  return symmetric(
    [0, TOP + 4],
    [
      [waist * 0.6, TOP + 3, waist, TOP],
      [waist + 8, 110, hip, 132, hip + 1, 170],
      [hip + 2, 220, knee, mid - 20, knee, mid],
      [out, bottom - 40, out, bottom],
      [(out + inner) / 2, bottom + 7, inner, bottom + 2],
      [inner + 2, mid, 4, 214],
      [0, 206],
    ],
  );
}

function drawLegs(sheet, cut, { crease = false } = {}) {
  const { hip, out, inner, bottom } = cut;
  sheet.cloth(legs(cut));
  sheet.folds(
    [
      [204, 208, 232, 216, 200 + hip - 16, 196, 10],
      [206, 222, 226, 244, 200 + hip - 26, 246, 8],
      [200 + (out + inner) / 2 - 12, bottom - 110, 200 + (out + inner) / 2 + 8, bottom - 70, 200 + out - 8, bottom - 50, 10],
    ],
    { both: true },
  );
  sheet.folds([[203, 212, 216, 300, 200 + inner + 2, bottom - 4, 16]], { both: true, opacity: 0.16 });
  if (crease) sheet.line(path("M", 200 + hip * 0.55, 150, "Q", 200 + (out + inner) * 0.5, 280, 200 + (out + inner) / 2, bottom), { both: true, width: 1.6, opacity: 0.5 });
}

function drawWaistband(sheet, { waist }, { fill = sheet.base, loops = true } = {}) {
  sheet.cloth(path("M", 199 - waist, TOP - 8, "Q", 200, TOP - 2, 201 + waist, TOP - 8, "L", 203 + waist, TOP + 14, "Q", 200, TOP + 21, 197 - waist, TOP + 14, "Z"), { fill, width: 1.4 });
  if (loops) sheet.line(path("M", 200 + waist * 0.6, TOP - 9, "v", 28), { both: true, width: 6, stroke: sheet.dark, opacity: 1, cap: "butt" });
}

export function drawTrousers(sheet, { style }) {
  const cut = LEGS[style === "jogger" ? "tapered" : style === "chino" ? "slim" : style];
  drawLegs(sheet, cut, { crease: style === "straight" || style === "wide" });
  sheet.line(path("M", 200, TOP + 18, "V", 204, "M", 214, TOP + 20, "V", 138, "Q", 213, 154, 201, 160), { width: 1.5 });
  sheet.line(path("M", 200 + cut.waist - 12, TOP + 18, "L", 200 + cut.hip - 4, 150), { both: true, width: 2 });
  if (style === "jogger") {
    drawWaistband(sheet, cut, { fill: sheet.dark, loops: false });
    sheet.line(path("M", 192, 82, "Q", 184, 120, 190, 142, "M", 208, 82, "Q", 218, 116, 210, 134), { stroke: sheet.pale, width: 3.5, opacity: 1 });
    sheet.cloth(path("M", 225, 418, "H", 268, "L", 264, 448, "Q", 246, 454, 228, 450, "Z"), { both: true, fill: sheet.dark, pattern: false });
  } else {
    drawWaistband(sheet, cut);
    sheet.dots([[206, TOP + 7]], 4.5, sheet.trim);
    sheet.line(path("M", 200 + cut.waist * 0.45, TOP + 18, "l", 4, 40), { both: true });
  }
}

export function drawJeans(sheet, { style }) {
  const cut = LEGS[style];
  const stitch = "#d9a45b";
  drawLegs(sheet, cut);
  // The worn, paler front of each leg.
  sheet.define('<radialGradient id="w"><stop stop-color="#fff" stop-opacity=".34"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>');
  const mid = 200 + (cut.knee + cut.inner) / 2;
  sheet.add(`<ellipse cx="${mid}" cy="250" rx="30" ry="120" fill="url(#w)"/><ellipse cx="${400 - mid}" cy="250" rx="30" ry="120" fill="url(#w)"/>`);
  drawWaistband(sheet, cut);
  sheet.line(path("M", 200 - cut.waist, TOP + 11, "Q", 200, TOP + 17, 200 + cut.waist, TOP + 11, "M", 218, TOP + 20, "V", 134, "Q", 217, 152, 201, 160), { stroke: stitch, dash: "4 2", width: 1.3, opacity: 1 });
  sheet.line(path("M", 200, TOP + 18, "V", 204), { width: 1.8 });
  sheet.line(path("M", 200 + cut.waist * 0.42, TOP + 18, "Q", 200 + cut.waist * 0.5, 122, 200 + cut.hip - 10, 124), { both: true, stroke: stitch, width: 1.5, opacity: 1 });
  sheet.line(path("M", 200 + cut.inner, cut.bottom - 9, "Q", 200 + (cut.inner + cut.out) / 2, cut.bottom - 4, 199 + cut.out, cut.bottom - 10), { both: true, stroke: stitch, dash: "4 2", width: 1.3, opacity: 1 });
  sheet.dots([[206, TOP + 7]], 5, sheet.trim);
}

export function drawShorts(sheet, { style }) {
  const cut = LEGS[style === "bermuda" ? "long-shorts" : "shorts"];
  sheet.fit.dy = style === "bermuda" ? 28 : 52;
  drawLegs(sheet, cut, { crease: style === "bermuda" });
  const { waist, hip, inner, out, bottom } = cut;
  sheet.line(path("M", 200, TOP + 18, "V", 204), { width: 1.6 });
  sheet.line(path("M", 200 + waist - 14, TOP + 18, "L", 200 + hip - 4, 146), { both: true, width: 2 });
  sheet.line(path("M", 200 + inner, bottom - 12, "Q", 200 + (inner + out) / 2, bottom - 6, 199 + out, bottom - 13), { both: true, dash: "3 3" });
  if (style === "drawstring") {
    drawWaistband(sheet, cut, { loops: false });
    let d = "";
    for (let x = -waist + 8; x < waist; x += 9) d += path("M", 200 + x, TOP - 3, "v", 18);
    sheet.line(d, { width: 1.2, opacity: 0.45 });
    sheet.line(path("M", 194, 80, "Q", 184, 112, 192, 134, "M", 206, 80, "Q", 218, 108, 208, 126), { stroke: sheet.pale, width: 3.5, opacity: 1 });
  } else {
    drawWaistband(sheet, cut);
    sheet.line(path("M", 214, TOP + 20, "V", 134, "Q", 213, 150, 201, 156), { width: 1.4 });
    sheet.dots([[206, TOP + 7]], 4.5, sheet.trim);
  }
}
