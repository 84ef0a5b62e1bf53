/** Hats and scarves. */
import { path, symmetric } from "../draw.mjs";

export function drawHat(sheet, { style }) {
  if (style === "cap") {
    sheet.cloth(path("M", 84, 290, "Q", 76, 150, 200, 140, "Q", 316, 146, 318, 286, "Q", 200, 262, 84, 290, "Z"));
    sheet.line(path("M", 200, 142, "Q", 262, 180, 268, 274, "M", 200, 142, "Q", 138, 180, 134, 278, "M", 200, 142, "V", 270), { width: 1.6 });
    sheet.cloth(path("M", 84, 290, "Q", 200, 262, 318, 286, "Q", 344, 322, 330, 342, "Q", 200, 292, 72, 346, "Q", 58, 322, 84, 290, "Z"), { fill: sheet.dark, pattern: false });
    sheet.line(path("M", 80, 324, "Q", 200, 280, 324, 320, "M", 84, 308, "Q", 200, 272, 320, 304), { dash: "4 3", width: 1.2 });
    sheet.dots([[200, 142]], 8, sheet.dark);
    return;
  }
  if (style === "beanie") {
    sheet.cloth(symmetric([0, 118], [[70, 118, 122, 170, 118, 300], [0, 316]]));
    let d = "";
    for (let i = -4; i <= 4; i += 1) d += path("M", 200 + i * 6, 122 + i * i, "Q", 200 + i * 30, 190, 200 + i * 26, 300);
    sheet.line(d, { width: 3, opacity: 0.3 });
    sheet.cloth(path("M", 76, 288, "Q", 200, 312, 324, 288, "Q", 332, 330, 322, 364, "Q", 200, 386, 78, 364, "Q", 68, 330, 76, 288, "Z"), { fill: sheet.dark });
    let rib = "";
    for (let x = 90; x < 320; x += 12) rib += path("M", x, 300, "v", 66);
    sheet.line(rib, { width: 2, opacity: 0.35 });
    return;
  }
  const straw = style === "straw";
  const bucket = style === "bucket";
  sheet.cloth(
    bucket
      ? path("M", 118, 280, "L", 84, 350, "Q", 78, 372, 104, 378, "Q", 200, 400, 296, 378, "Q", 322, 372, 316, 350, "L", 282, 280, "Z")
      : path("M", 30, 326, "Q", 26, 292, 110, 280, "Q", 200, 268, 290, 280, "Q", 374, 292, 370, 326, "Q", 360, 362, 200, 364, "Q", 40, 362, 30, 326, "Z"),
  );
  if (!bucket) sheet.shape(path("M", 102, 314, "Q", 200, 346, 298, 314, "Q", 330, 326, 300, 338, "Q", 200, 356, 100, 338, "Q", 70, 326, 102, 314, "Z"), "#140c1c", { opacity: 0.14 });
  sheet.cloth(
    bucket
      ? path("M", 130, 186, "Q", 200, 168, 270, 186, "L", 286, 288, "Q", 200, 310, 114, 288, "Z")
      : path("M", 112, 320, "Q", 104, 214, 136, 186, "Q", 168, 170, 200, 192, "Q", 232, 170, 264, 186, "Q", 296, 214, 288, 320, "Q", 200, 346, 112, 320, "Z"),
  );
  if (bucket) sheet.line(path("M", 106, 316, "Q", 200, 338, 294, 316, "M", 96, 338, "Q", 200, 362, 304, 338, "M", 89, 358, "Q", 200, 382, 311, 358), { dash: "4 3", width: 1.3 });
  else {
    sheet.cloth(path("M", 111, 284, "Q", 200, 310, 289, 284, "L", 289, 320, "Q", 200, 346, 111, 320, "Z"), { fill: straw ? "#2f3a4c" : sheet.deep, pattern: false });
    sheet.folds([[200, 192, 190, 220, 198, 268, 14]]);
  }
  if (straw) {
    sheet.define(`<pattern id="w" width="12" height="8" patternUnits="userSpaceOnUse"><path d="M0 2q3-3 6 0t6 0M0 6q3 3 6 0t6 0" fill="none" stroke="${sheet.ink}" stroke-opacity=".4"/></pattern>`);
    sheet.shape(path("M", 112, 284, "Q", 104, 214, 136, 186, "Q", 168, 170, 200, 192, "Q", 232, 170, 264, 186, "Q", 296, 214, 288, 284, "Q", 200, 310, 112, 284, "Z", "M", 30, 326, "Q", 26, 292, 111, 282, "V", 320, "Q", 200, 346, 289, 320, "V", 282, "Q", 374, 292, 370, 326, "Q", 360, 362, 200, 364, "Q", 40, 362, 30, 326, "Z"), "url(#w)");
  }
}

export function drawScarf(sheet, { style }) {
  const fringe = (x1, x2, y) => {
    let d = "";
    for (let x = x1 + 4; x < x2; x += 8) d += path("M", x, y, "l", (x % 3) - 1, 26);
    sheet.line(d, { width: 3.4, stroke: sheet.dark, opacity: 1 });
  };
  if (style === "square") {
    sheet.cloth(path("M", 72, 122, "Q", 200, 100, 326, 126, "Q", 340, 250, 322, 378, "Q", 200, 396, 78, 376, "Q", 60, 250, 72, 122, "Z"));
    sheet.line(path("M", 94, 144, "Q", 200, 126, 304, 146, "Q", 316, 250, 302, 356, "Q", 200, 372, 98, 356, "Q", 84, 250, 94, 144, "Z"), { width: 7, stroke: sheet.deep, opacity: 0.8 });
    sheet.cloth(path("M", 326, 126, "Q", 334, 190, 330, 240, "Q", 268, 190, 232, 110, "Q", 284, 112, 326, 126, "Z"), { fill: sheet.dark });
    sheet.folds([[92, 350, 170, 270, 282, 220, 18], [120, 368, 220, 320, 316, 300, 14], [84, 200, 140, 220, 190, 190, 12]]);
    return;
  }
  const wide = style === "blanket";
  const left = wide ? 112 : 134;
  fringe(left + 2, 196, 404);
  fringe(214, wide ? 306 : 282, 360);
  sheet.cloth(path("M", 212, 190, "Q", 216, 280, 212, 366, "H", wide ? 308 : 284, "Q", wide ? 306 : 282, 260, 272, 180, "Z"));
  sheet.cloth(path("M", 150, 180, "Q", left + 6, 290, left, 410, "H", 198, "Q", 208, 290, 216, 190, "Z"));
  sheet.folds([[170, 210, 156, 300, 158, 406, 10], [196, 214, 186, 300, 182, 406, 9], [246, 210, 254, 280, 250, 362, 11]]);
  sheet.cloth(path("M", 112, 142, "Q", 110, 84, 200, 76, "Q", 290, 84, 288, 142, "Q", 286, 214, 200, 222, "Q", 114, 214, 112, 142, "Z", "M", 154, 126, "Q", 200, 152, 246, 126, "Q", 240, 104, 200, 102, "Q", 160, 104, 154, 126, "Z"));
  sheet.shape(path("M", 154, 126, "Q", 200, 152, 246, 126, "Q", 240, 104, 200, 102, "Q", 160, 104, 154, 126, "Z"), sheet.deep);
  sheet.folds([[118, 150, 200, 190, 284, 140, 16], [128, 182, 200, 222, 274, 180, 12], [124, 112, 140, 140, 190, 152, 12]]);
  sheet.folds([[120, 132, 190, 176, 270, 134, 10]], { shine: true, opacity: 0.18 });
}
