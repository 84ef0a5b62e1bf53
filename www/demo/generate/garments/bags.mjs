/** Bags and belts. */
import { path, symmetric } from "../draw.mjs";

export function drawBag(sheet, { style }) {
  const handle = { stroke: sheet.dark, width: 11, opacity: 1 };
  if (style === "tote") {
    sheet.line(path("M", 150, 222, "C", 150, 70, 250, 70, 250, 222), { ...handle, stroke: sheet.deep });
    sheet.cloth(symmetric([0, 204], [[112, 198], [118, 300, 126, 408], [124, 420, 112, 422], [0, 430]]));
    sheet.folds([[112, 250, 150, 320, 140, 418, 16], [290, 260, 262, 330, 268, 418, 12]]);
    sheet.line(path("M", 158, 236, "C", 158, 104, 242, 104, 242, 236), handle);
    sheet.line(path("M", 88, 216, "Q", 200, 224, 312, 216), { dash: "4 3" });
    sheet.dots([[158, 236], [242, 236]], 5, sheet.trim);
    return;
  }
  if (style === "backpack") {
    sheet.line(path("M", 172, 92, "Q", 200, 52, 228, 92), handle);
    sheet.cloth(path("M", 292, 190, "Q", 326, 230, 316, 380, "L", 290, 396, "Z"), { both: true, fill: sheet.dark });
    sheet.cloth(symmetric([0, 84], [[84, 84, 104, 120, 106, 200], [108, 400], [104, 430, 76, 434], [0, 438]]));
    sheet.cloth(path("M", 96, 150, "Q", 104, 84, 200, 84, "Q", 296, 84, 304, 150, "L", 302, 226, "Q", 200, 250, 98, 226, "Z"), { fill: sheet.base });
    sheet.cloth(path("M", 128, 296, "Q", 200, 284, 272, 296, "L", 276, 398, "Q", 200, 412, 124, 398, "Z"), { width: 1.6 });
    sheet.line(path("M", 134, 314, "Q", 200, 304, 266, 314), { stroke: sheet.trim, width: 3, opacity: 1 });
    for (const x of [152, 248]) sheet.line(path("M", x, 196, "v", 78), { stroke: sheet.deep, width: 12, opacity: 1, cap: "butt" });
    sheet.line(path("M", 142, 244, "h", 20, "v", 16, "h", -20, "Z", "M", 238, 244, "h", 20, "v", 16, "h", -20, "Z"), { stroke: sheet.trim, width: 4, opacity: 1 });
    return;
  }
  if (style === "bucket") {
    sheet.line(path("M", 118, 218, "C", 96, 40, 304, 40, 282, 218), { ...handle, width: 9 });
    sheet.cloth(symmetric([0, 200], [[92, 192], [84, 230, 112, 400], [108, 426, 84, 430], [0, 440]]));
    sheet.folds([[150, 206, 158, 270, 142, 380, 14], [200, 212, 206, 280, 198, 400, 16], [248, 206, 246, 270, 256, 380, 14]]);
    sheet.line(path("M", 106, 236, "Q", 200, 256, 294, 236), { stroke: sheet.deep, width: 6, opacity: 1 });
    sheet.line(path("M", 200, 248, "q", -14, 40, -10, 66, "M", 200, 248, "q", 16, 34, 12, 58), { stroke: sheet.deep, width: 5, opacity: 1 });
    return;
  }
  // Crossbody (flap) and half-moon.
  const moon = style === "moon";
  sheet.line(path("M", 92, 260, "C", 60, 30, 340, 30, 308, 260), { ...handle, width: moon ? 14 : 7 });
  if (moon) {
    sheet.cloth(path("M", 66, 226, "Q", 200, 268, 334, 226, "Q", 352, 300, 300, 362, "Q", 250, 404, 200, 404, "Q", 150, 404, 100, 362, "Q", 48, 300, 66, 226, "Z"));
    sheet.line(path("M", 74, 240, "Q", 200, 282, 326, 240), { stroke: sheet.trim, width: 3.5, opacity: 1 });
    sheet.folds([[110, 260, 130, 320, 170, 396, 16], [288, 262, 262, 320, 240, 394, 14]]);
    return;
  }
  sheet.cloth(symmetric([0, 236], [[116, 236], [126, 240, 126, 254], [122, 384], [120, 402, 100, 404], [0, 408]]));
  sheet.cloth(path("M", 76, 250, "Q", 78, 234, 96, 234, "H", 304, "Q", 322, 234, 324, 250, "L", 320, 310, "Q", 300, 350, 200, 356, "Q", 100, 350, 80, 310, "Z"));
  sheet.line(path("M", 86, 306, "Q", 106, 340, 200, 346, "Q", 294, 340, 314, 306), { dash: "4 3" });
  sheet.cloth(path("M", 184, 330, "h", 32, "q", 4, 0, 4, 5, "v", 22, "q", 0, 6, -6, 6, "h", -28, "q", -6, 0, -6, -6, "v", -22, "q", 0, -5, 4, -5, "Z"), { fill: sheet.trim, pattern: false });
}

export function drawBelt(sheet, { style }) {
  const woven = style === "woven";
  const wide = style === "wide" ? 12 : 0;
  sheet.shape(path("M", 76, 196, "Q", 200, 146, 324, 196, "Q", 200, 240, 76, 196, "Z"), sheet.deep);
  sheet.cloth(path("M", 66, 198, "Q", 60, 168, 200, 160, "Q", 340, 168, 334, 198, "L", 334, 230, "Q", 330, 190, 200, 184, "Q", 70, 190, 66, 230, "Z"), { fill: sheet.dark });
  sheet.cloth(path("M", 66, 198, "Q", 70, 262, 200, 268, "Q", 330, 262, 334, 198, "L", 336, 246 + wide, "Q", 330, 318 + wide, 200, 322 + wide, "Q", 70, 318 + wide, 64, 246 + wide, "Z"));
  sheet.cloth(path("M", 236, 268, "Q", 300, 268, 318, 330, "L", 336, 396, "Q", 312, 416, 292, 404, "L", 282, 350, "Q", 272, 318, 232, 322, "Z"));
  if (woven) {
    let d = "";
    for (let x = 84; x < 320; x += 13) d += path("M", x, 240 + 26 * (1 - ((x - 200) / 140) ** 2), "l", 9, 50, "m", 0, -50, "l", -9, 50);
    sheet.line(d, { width: 2.2, opacity: 0.5 });
  } else {
    sheet.line(path("M", 72, 224, "Q", 90, 268, 200, 275, "Q", 310, 268, 328, 224, "M", 72, 254 + wide, "Q", 90, 306 + wide, 200, 314 + wide), { dash: "5 3" });
    sheet.dots([[298, 342], [304, 362], [310, 382]], 3, sheet.deep);
  }
  const shape = style === "round" ? '<ellipse cx="200" cy="294" rx="32" ry="34"' : `<rect x="168" y="${260 - wide / 3}" width="62" height="${70 + wide}" rx="9"`;
  sheet.add(`${shape} fill="none" stroke="${sheet.ink}" stroke-width="12"/>${shape} fill="none" stroke="${sheet.trim}" stroke-width="9"/>`);
  sheet.line(path("M", 198, 295, "H", 234), { stroke: sheet.trim, width: 7, opacity: 1 });
}
