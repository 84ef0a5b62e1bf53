/** Dresses and skirts. */
import { path, symmetric } from "../draw.mjs";
import { drawBackNeck, sleeve } from "./torso.mjs";

const CUT = { neckWidth: 40, neckY: 72, shoulderX: 88, shoulderY: 90, armY: 150, chest: 76 };

/** Folds that fan out from the waist to the hem. */
function drawFlare(sheet, { waist, waistY, hem, bottom, count }) {
  const dark = [];
  const shine = [];
  for (let i = 0; i < count; i += 1) {
    const t = (i + 0.5) / count;
    const end = hem * (t * 0.94 + 0.03);
    const start = waist * t;
    dark.push([200 + start, waistY + 6, 200 + start + (end - start) * 0.3, waistY + (bottom - waistY) * 0.5, 200 + end, bottom - 4, 5 + hem * 0.1]);
    shine.push([200 + start + 4, waistY + 26, 200 + start + 12, waistY + (bottom - waistY) * 0.6, 200 + end - hem * 0.12, bottom - 6, 7]);
  }
  sheet.folds(dark, { both: true, opacity: 0.12 });
  sheet.folds(shine, { both: true, shine: true, opacity: 0.16 });
}

/** A skirt from waist to hem with a gently waved edge. */
function skirtShape({ waist, waistY, hip, hem, bottom }) {
  return symmetric(
    [0, waistY],
    [
      [waist, waistY],
      [waist + 8, waistY + 30, hip, waistY + 60, hip + (hem - hip) * 0.3, waistY + (bottom - waistY) * 0.5],
      [hem - 6, bottom - 50, hem, bottom - 8],
      [hem * 0.86, bottom + 8, hem * 0.66, bottom],
      [hem * 0.5, bottom - 4, hem * 0.36, bottom + 4],
      [hem * 0.16, bottom + 12, 0, bottom + 4],
    ],
  );
}

export function drawDress(sheet, { style }) {
  const slip = style === "slip";
  const shirt = style === "shirt";
  const wrap = style === "wrap";
  const tiered = style === "tiered";
  sheet.fit = style === "mini" ? { scaleX: 0.92, scaleY: 1, dy: 16 } : { scaleX: 0.84, scaleY: 1.06, dy: -4 };
  const waistY = slip ? 214 : tiered ? 190 : 218;
  const flow = { waist: slip ? 60 : 56, waistY, hip: slip ? 82 : 92, hem: slip ? 92 : tiered ? 136 : 124, bottom: style === "mini" ? 390 : 446 };
  if (!slip) sheet.cloth(sleeve({ ...CUT, chest: 74 }, shirt ? "half" : tiered ? "short" : wrap ? "half" : "cap"), { both: true });
  sheet.cloth(skirtShape(flow));
  drawFlare(sheet, { ...flow, count: slip ? 2 : 4 });
  if (slip) {
    sheet.line(path("M", 158, 58, "L", 152, 116, "M", 242, 58, "L", 248, 116), { width: 4, stroke: sheet.dark, opacity: 1 });
    sheet.cloth(
      symmetric([0, 132], [[20, 128, 34, 112, 49, 108], [62, 122, 68, 140, 70, 156], [62, 190, flow.waist, waistY + 3], [0, waistY + 8]]),
    );
    sheet.folds([[200, 134, 186, 160, 168, 190, 8], [232, 122, 226, 160, 236, 200, 8]]);
  } else {
    const depth = wrap ? 96 : shirt ? 30 : 44;
    drawBackNeck(sheet, CUT, depth * 0.8);
    const neck = wrap ? [[CUT.neckWidth * 0.5, CUT.neckY + depth * 0.55, CUT.neckWidth, CUT.neckY]] : [[24, CUT.neckY + depth, 40, CUT.neckY + depth * 0.5, 40, CUT.neckY]];
    sheet.cloth(
      symmetric([0, CUT.neckY + depth], [...neck, [CUT.shoulderX, CUT.shoulderY], [CUT.shoulderX - 14, 116, 78, 136, CUT.chest, CUT.armY], [68, 190, flow.waist, waistY + 2], [0, waistY + 4]]),
    );
    sheet.folds([[264, 158, 240, 178, 222, 214, 8]], { both: true });
    if (wrap) sheet.line(path("M", 240, 72, "Q", 214, 140, 152, 208, "M", 196, 226, "Q", 232, 320, 226, 448), { width: 2 });
    else if (!shirt) sheet.line(path("M", 160, 72, "C", 160, 94, 176, 116, 200, 116, "C", 224, 116, 240, 94, 240, 72), { width: 5, stroke: sheet.dark, opacity: 1 });
  }
  if (shirt) {
    sheet.cloth(path("M", 238, 60, "L", 254, 80, 238, 116, 203, 100, "Q", 226, 86, 230, 62, "Z"), { both: true });
    sheet.line(path("M", 200, 102, "V", 446), { width: 1.2 });
    sheet.dots([118, 150, 182, 250, 290, 330, 370].map((y) => [207, y]), 3.2, sheet.pale);
  }
  if (shirt || wrap || style === "a-line" || style === "mini") {
    const band = wrap || shirt ? sheet.dark : sheet.base;
    sheet.cloth(path("M", 143, waistY - 9, "Q", 200, waistY, 257, waistY - 9, "L", 258, waistY + 9, "Q", 200, waistY + 18, 142, waistY + 9, "Z"), { fill: band, pattern: false, width: 1.2 });
    if (wrap || shirt) sheet.cloth(path("M", 168, waistY + 2, "q", -26, -16, -30, 4, "q", 6, 12, 28, 2, "l", -16, 54, 12, 2, 12, -54, 14, 42, 11, -5, -20, -44, "q", 18, 4, 22, -8, "q", -6, -14, -26, 2, "Z"), { fill: band, pattern: false, width: 1.2 });
  }
  if (tiered) {
    for (const y of [270, 352]) {
      const half = 70 + (y - 190) * 0.27;
      sheet.line(path("M", 200 - half, y, "Q", 200, y + 16, 200 + half, y), { width: 2.2, opacity: 0.55 });
      sheet.folds([-0.7, -0.35, 0, 0.35, 0.7].map((t) => [200 + half * t, y + 10, 200 + half * t * 1.1, y + 30, 200 + half * t * 1.15, y + 50, 6]));
    }
    sheet.line(path("M", 146, 190, "Q", 200, 200, 254, 190), { width: 2 });
  }
}

export function drawSkirt(sheet, { style }) {
  const shapes = {
    mini: { waist: 70, waistY: 130, hip: 104, hem: 124, bottom: 352 },
    pencil: { waist: 64, waistY: 84, hip: 92, hem: 78, bottom: 420 },
    pleated: { waist: 66, waistY: 84, hip: 96, hem: 138, bottom: 424 },
    flared: { waist: 64, waistY: 84, hip: 96, hem: 146, bottom: 420 },
  };
  const flow = shapes[style];
  const { waist, waistY, hem, bottom } = flow;
  sheet.cloth(skirtShape(flow));
  if (style === "pleated") {
    let d = "";
    const shade = [];
    for (let i = -6; i <= 6; i += 1) {
      const end = (hem * i) / 6.4;
      const start = (waist * i) / 6.4;
      d += path("M", 200 + start, waistY, "Q", 200 + start * 1.25, waistY + 120, 200 + end, bottom);
      shade.push([200 + start, waistY, 200 + start * 1.25, waistY + 120, 200 + end, bottom, 14]);
    }
    sheet.folds(shade, { opacity: 0.16 });
    sheet.line(d, { width: 1.2, opacity: 0.5 });
  } else if (style === "pencil") {
    sheet.folds([[262, 120, 246, 200, 252, 300, 10]], { both: true });
    sheet.line(path("M", 200, 330, "V", 422), { width: 2 });
    sheet.line(path("M", 170, 108, "l", 6, 60, "M", 230, 108, "l", -6, 60), { width: 1.5 });
  } else drawFlare(sheet, { ...flow, count: style === "mini" ? 3 : 4 });
  sheet.cloth(path("M", 200 - waist, waistY - 14, "Q", 200, waistY - 6, 200 + waist, waistY - 14, "L", 201 + waist, waistY + 10, "Q", 200, waistY + 18, 199 - waist, waistY + 10, "Z"), { width: 1.4 });
  if (style === "mini" || style === "flared") sheet.dots([26, 62, 98, 134].map((y) => [200, waistY + y]), 4.5, sheet.trim);
}
