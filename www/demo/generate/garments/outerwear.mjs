/** Coats and jackets. */
import { path } from "../draw.mjs";
import { CUT, body, bodyV, drawBackNeck, drawBodyFolds, drawShirtCollar, sleeve } from "./torso.mjs";

/** Lapels that open in a V down to `end`. */
function drawLapels(sheet, end, { wide = 0 } = {}) {
  const fill = sheet.base;
  sheet.cloth(
    path("M", 232, 84, "Q", 252, 96, 258, 118, "L", 272 + wide, 152, "L", 252 + wide, 160, "L", 260 + wide, 172, "Q", 240, 210, 201, end, "L", 200, end - 26, "Q", 222, 150, 232, 84, "Z"),
    { both: true, fill },
  );
}

function flap(x, y, width, tilt = 0) {
  return path("M", x, y, "l", width, -tilt, 1, 16, "q", -width / 2, 6 + tilt, -width - 1, tilt, "Z");
}

export function drawCoat(sheet, { style }) {
  const trench = style === "trench";
  if (style !== "puffer") sheet.fit = { scaleX: 0.82, scaleY: 1.08, dy: -10 };
  const cut = { ...CUT, neckY: 84, shoulderX: 106, shoulderY: 106, armY: 178, chest: 96, hem: trench ? 116 : 106, bottom: 446 };
  const arm = sleeve({ ...cut, shoulderX: 110 }, "long", 36);
  if (style === "puffer") return drawQuilt(sheet, cut, arm);
  sheet.cloth(arm, { both: true });
  const duffle = style === "duffle";
  drawBackNeck(sheet, cut, duffle ? 30 : 96);
  if (duffle) sheet.cloth(path("M", 152, 96, "Q", 146, 44, 200, 40, "Q", 254, 44, 248, 96, "Q", 200, 136, 152, 96, "Z"));
  sheet.cloth(duffle ? body(cut, 26) : bodyV(cut, 118));
  drawBodyFolds(sheet, { ...cut, bottom: 440 });
  sheet.line(path("M", duffle ? 200 : 214, duffle ? 112 : 214, "L", duffle ? 200 : 216, 452), { width: 2 });
  if (duffle) {
    sheet.shape(path("M", 168, 94, "Q", 164, 60, 200, 56, "Q", 236, 60, 232, 94, "Q", 200, 122, 168, 94, "Z"), sheet.deep);
    for (const y of [160, 220, 280]) {
      sheet.line(path("M", 166, y, "H", 234), { stroke: sheet.deep, width: 4, opacity: 1 });
      sheet.line(path("M", 192, y, "h", 18), { stroke: sheet.trim, width: 9, opacity: 1 });
    }
    sheet.cloth(path("M", 236, 330, "h", 52, "l", 2, 60, "h", -54, "Z"), { both: true, width: 1.3 });
    return sheet;
  }
  drawLapels(sheet, 216, { wide: trench ? 8 : 0 });
  const rows = trench ? [228, 318, 372] : [232, 288, 344];
  sheet.dots(rows.map((y) => [trench || style === "double" ? 232 : 206, y]), 6, sheet.deep);
  if (trench || style === "double") sheet.dots(rows.map((y) => [178, y]), 6, sheet.deep);
  if (trench) {
    sheet.cloth(path("M", 104, 262, "Q", 200, 274, 296, 262, "L", 298, 284, "Q", 200, 296, 102, 284, "Z"), { fill: sheet.dark, pattern: false });
    sheet.line(path("M", 184, 266, "h", 32, "v", 26, "h", -32, "Z"), { stroke: sheet.trim, width: 5, opacity: 1 });
    sheet.line(path("M", 300, 112, "L", 270, 128), { both: true, width: 7, stroke: sheet.dark, opacity: 1 });
  }
  sheet.line(path("M", 248, 316, "l", 34, 34), { both: true, width: 9, stroke: sheet.dark, opacity: 1 });
  return sheet;
}

/** Down-filled chambers: bands with light above and shadow below. */
function drawQuilt(sheet, cut, arm) {
  const bottom = 404;
  sheet.define(
    '<linearGradient id="q" x2="0" y2="1"><stop stop-opacity=".24"/><stop offset=".3" stop-color="#fff" stop-opacity=".22"/>' +
      '<stop offset=".65" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-opacity=".24"/></linearGradient>' +
      '<pattern id="k" y="104" width="400" height="42" patternUnits="userSpaceOnUse"><path fill="url(#q)" d="M0 0h400v42H0z"/></pattern>',
  );
  sheet.cloth(arm, { both: true, texture: "k" });
  sheet.cloth(path("M", 154, 100, "Q", 150, 62, 164, 52, "Q", 200, 44, 236, 52, "Q", 250, 62, 246, 100, "Q", 200, 124, 154, 100, "Z"), { fill: sheet.dark });
  sheet.cloth(body({ ...cut, hem: 100, chest: 104, bottom }, 14), { texture: "k" });
  sheet.line(path("M", 200, 62, "V", bottom + 5), { width: 6, stroke: sheet.deep, opacity: 1 });
  sheet.line(path("M", 200, 64, "V", bottom + 3), { width: 2, stroke: sheet.trim, dash: "2 2", opacity: 1, cap: "butt" });
  return sheet;
}

export function drawJacket(sheet, { style }) {
  const cut = { ...CUT, neckY: 90, shoulderX: 108, shoulderY: 112, chest: 100, hem: style === "blazer" ? 100 : 94, bottom: style === "blazer" ? 412 : 372 };
  sheet.cloth(sleeve(cut, "long", 34), { both: true });
  if (style === "blazer") {
    drawBackNeck(sheet, cut, 104);
    sheet.cloth(bodyV(cut, 148));
    drawBodyFolds(sheet, cut);
    drawLapels(sheet, 244);
    sheet.line(path("M", 206, 240, "Q", 212, 330, 222, 416), { width: 2 });
    sheet.dots([[208, 262], [211, 306]], 6, sheet.deep);
    sheet.cloth(flap(232, 322, 50, 3), { both: true, width: 1.2 });
    sheet.shape(path("M", 238, 196, "l", 36, -6, 1, 7, -36, 6, "Z"), sheet.deep, { opacity: 0.7 });
    return;
  }
  drawBackNeck(sheet, cut, 30);
  sheet.cloth(body(cut, style === "bomber" ? 24 : 30));
  drawBodyFolds(sheet, cut);
  const { bottom } = cut;
  if (style === "denim") {
    const stitch = { stroke: "#d9a45b", dash: "4 2", width: 1.4, opacity: 1 };
    drawShirtCollar(sheet, cut);
    sheet.line(path("M", 304, 186, "Q", 250, 196, 212, 190, "M", 262, 234, "L", 252, 356, "M", 228, 234, "L", 230, 356), { ...stitch, both: true });
    sheet.cloth(path("M", 228, 190, "h", 46, "v", 20, "l", -23, 14, -23, -14, "Z"), { both: true, width: 1.4 });
    sheet.line(path("M", 190, 126, "V", bottom + 6, "M", 210, 126, "V", bottom + 6), { width: 1.4 });
    sheet.dots([150, 192, 234, 276, 318, 358].map((y) => [200, y]), 5, sheet.trim);
    sheet.cloth(path("M", 108, bottom - 14, "Q", 200, bottom - 2, 292, bottom - 14, "L", 293, bottom + 8, "Q", 200, bottom + 18, 107, bottom + 8, "Z"));
    return;
  }
  if (style === "chore") {
    drawShirtCollar(sheet, cut, { spread: 8 });
    for (const [x, y, size] of [[222, 182, 46], [216, 284, 64]]) sheet.cloth(path("M", x, y, "h", size, "v", size, "q", -size / 2, 10, -size, 0, "Z"), { both: size > 50, width: 1.3 });
    sheet.line(path("M", 207, 132, "V", bottom + 6), { width: 1.8 });
    sheet.dots([156, 208, 260, 312].map((y) => [200, y]), 5.5, sheet.trim);
    sheet.line(path("M", 108, bottom - 6, "Q", 200, bottom + 2, 292, bottom - 6), { dash: "3 3" });
    return;
  }
  // Bomber: ribbed collar, cuffs and hem, a zip down the front.
  sheet.cloth(path("M", 156, 96, "Q", 160, 72, 172, 70, "Q", 200, 62, 228, 70, "Q", 240, 72, 244, 96, "Q", 236, 118, 200, 118, "Q", 164, 118, 156, 96, "Z"), { fill: sheet.dark, pattern: false });
  sheet.cloth(path("M", 110, bottom - 18, "Q", 200, bottom - 8, 290, bottom - 18, "L", 284, bottom + 16, "Q", 200, bottom + 26, 116, bottom + 16, "Z"), { fill: sheet.dark, pattern: false });
  sheet.cloth(path("M", 324, 366, "L", 357, 360, 358, 392, "Q", 342, 402, 324, 396, "Z"), { both: true, fill: sheet.dark, pattern: false });
  sheet.line(path("M", 200, 82, "V", bottom + 20), { width: 6, stroke: sheet.deep, opacity: 1 });
  sheet.line(path("M", 200, 84, "V", bottom + 18), { width: 2, stroke: sheet.trim, dash: "2 2", opacity: 1, cap: "butt" });
  sheet.line(path("M", 238, 292, "l", 38, 46), { both: true, width: 4, stroke: sheet.deep });
  sheet.line(path("M", 306, 112, "C", 290, 140, 270, 170, 240, 108), { both: true, width: 1.4, opacity: 0.5 });
}
