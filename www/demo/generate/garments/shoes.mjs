/** Shoes: a pair in side view, toe to the left; the far shoe stands behind and above. */
import { path } from "../draw.mjs";

/** Draws one shoe twice, the far one first, so that the near one covers it. */
function pair(sheet, drawOne, { dx = 46, dy = -92, floor = 0 } = {}) {
  sheet.define(`<g id="s">${sheet.capture(drawOne)}</g>`);
  const [x, y] = [-dx / 2, floor - dy / 2];
  sheet.add(`<use href="#s" transform="translate(${x + dx} ${y + dy})"/><use href="#s" transform="translate(${x} ${y})"/>`);
}

export function drawSneakers(sheet, { style }) {
  const high = style === "high-top";
  const runner = style === "runner";
  pair(
    sheet,
    () => {
      const collar = high ? 128 : 196;
      sheet.shape(path("M", 292, collar + 4, "Q", 322, collar - 8, 338, collar, "L", 336, collar + 20, "H", 292, "Z"), sheet.deep);
      sheet.cloth(
        high
          ? path("M", 62, 300, "Q", 60, 268, 92, 254, "L", 180, 214, "Q", 232, 184, 240, 136, "Q", 268, 146, 300, 138, "L", 340, 128, "Q", 336, 190, 346, 240, "L", 350, 306, "H", 62, "Z")
          : path("M", 58, 302, "Q", 54, 268, 92, 256, "L", 176, 234, "Q", 216, 218, 240, 190, "Q", 262, 212, 296, 206, "Q", 326, 200, 340, 188, "Q", 352, 220, 350, 258, "L", 354, 306, "H", 58, "Z"),
      );
      sheet.cloth(path("M", 58, 302, "Q", 54, 268, 94, 255, "Q", 128, 262, 134, 306, "Z"), { fill: runner ? sheet.trim : sheet.pale, pattern: false });
      sheet.cloth(path("M", 298, 306, "Q", 296, 246, 346, 234, "Q", 352, 270, 354, 306, "Z"), { fill: sheet.dark, pattern: false });
      sheet.line(path("M", 176, 234, "Q", 196, 258, 192, 304, "M", 240, high ? 190 : 196, "Q", 262, 250, 300, 272), { width: 1.6, dash: "4 3" });
      const laces = high ? [[188, 216], [206, 202], [220, 186], [230, 168]] : [[176, 238], [192, 231], [207, 222], [222, 211]];
      for (const [x, y] of laces) sheet.line(path("M", x - 4, y - 6, "l", 24, 16), { stroke: "#f7f4ee", width: 5, opacity: 1 });
      if (runner) sheet.shape(path("M", 200, 300, "Q", 236, 284, 262, 236, "L", 280, 236, "Q", 262, 290, 224, 304, "Z"), sheet.trim);
      const sole = runner
        ? path("M", 52, 300, "Q", 40, 322, 60, 332, "Q", 120, 326, 180, 334, "L", 344, 338, "Q", 376, 330, 358, 296, "Q", 220, 310, 52, 300, "Z")
        : path("M", 54, 300, "Q", 44, 328, 64, 330, "H", 348, "Q", 362, 328, 356, 300, "Z");
      sheet.cloth(sole, { fill: "#f4f0e7", pattern: false });
      sheet.line(path("M", 54, 316, "H", 357), { width: 1.6, opacity: 0.35 });
    },
    { floor: high ? 22 : 8 },
  );
}

export function drawBoots(sheet, { style }) {
  const tall = style === "knee";
  pair(
    sheet,
    () => {
      const top = tall ? 44 : style === "chelsea" ? 132 : 112;
      sheet.cloth(
        path("M", 74, 326, "Q", 66, 290, 104, 276, "L", 178, 250, "Q", 214, 232, 216, top + 60, "L", 212, top, "Q", 260, top - 12, 306, top, "Q", 304, 200, 318, 252, "Q", 324, 292, 318, 326, "Z"),
      );
      sheet.shape(path("M", 212, top, "Q", 260, top - 12, 306, top, "Q", 260, top + 12, 212, top, "Z"), sheet.deep);
      sheet.folds([[218, 216, 262, 240, 312, 214, 10], [214, 238, 250, 262, 306, 250, 12]]);
      if (style === "chelsea") {
        sheet.shape(path("M", 240, 136, "L", 282, 136, "Q", 286, 190, 264, 236, "Q", 238, 196, 240, 136, "Z"), sheet.deep);
        let d = "";
        for (let x = 246; x < 282; x += 6) d += path("M", x, 138, "L", 254 + (x - 246) * 0.5, 214);
        sheet.line(d, { stroke: sheet.pale, width: 1, opacity: 0.3 });
        sheet.shape(path("M", 300, 112, "h", 10, "v", 34, "h", -10, "Z"), sheet.dark);
      } else if (style === "lace-up") {
        for (let i = 0; i < 6; i += 1) sheet.line(path("M", 196 + i * 4 - (i < 2 ? 12 - i * 6 : 0), 244 - i * 22, "l", 30, 8), { stroke: sheet.trim, width: 4.5, opacity: 1 });
        sheet.line(path("M", 178, 252, "Q", 200, 280, 196, 326, "M", 244, 112, "Q", 250, 240, 316, 272), { width: 1.6, dash: "4 3" });
      } else {
        sheet.line(path("M", 286, 54, "Q", 288, 180, 292, 320), { width: 1.8, dash: "4 3" });
        sheet.folds([[220, 90, 236, 160, 226, 214, 10]], { shine: true, opacity: 0.2 });
      }
      const heel = tall || style === "heeled" ? 372 : 352;
      sheet.cloth(path("M", 70, 322, "Q", 62, 338, 80, 344, "H", 236, "L", 246, 336, "L", 258, heel, "H", 318, "L", 322, 322, "Z"), { fill: "#3a2e2a", pattern: false });
    },
    { dx: 40, dy: -52, floor: tall ? 10 : 22 },
  );
}

export function drawSandals(sheet, { style }) {
  const straps = {
    slide: () => sheet.cloth(path("M", 96, 318, "Q", 104, 256, 164, 246, "Q", 226, 252, 232, 320, "Q", 166, 300, 96, 318, "Z")),
    strappy: () => {
      sheet.cloth(path("M", 92, 318, "Q", 98, 276, 138, 270, "Q", 160, 276, 162, 318, "L", 146, 318, "Q", 140, 290, 130, 290, "Q", 114, 294, 110, 318, "Z"));
      sheet.cloth(path("M", 176, 320, "Q", 190, 226, 250, 204, "Q", 300, 196, 322, 214, "L", 322, 318, "H", 306, "L", 304, 232, "Q", 274, 218, 248, 226, "Q", 206, 244, 194, 320, "Z"));
      sheet.dots([[262, 212]], 6, sheet.trim);
    },
    buckle: () => {
      for (const x of [100, 182]) {
        sheet.cloth(path("M", x, 318, "Q", x + 6, 262, x + 42, 256, "Q", x + 74, 262, x + 76, 320, "L", x + 34, 314, "Z"));
        sheet.line(path("M", x + 36, 272, "h", 22, "v", 20, "h", -22, "Z"), { stroke: sheet.trim, width: 4, opacity: 1 });
      }
    },
    espadrille: () => {
      sheet.cloth(path("M", 72, 316, "Q", 72, 268, 130, 262, "Q", 178, 268, 186, 316, "Z"));
      sheet.cloth(path("M", 268, 318, "Q", 262, 250, 318, 236, "Q", 330, 280, 330, 316, "Z"));
      sheet.line(path("M", 312, 244, "Q", 240, 196, 256, 190, "Q", 300, 184, 316, 232), { width: 8, stroke: sheet.base, opacity: 1 });
    },
  };
  pair(
    sheet,
    () => {
      straps[style]();
      const rope = style === "espadrille";
      const sole = rope
        ? path("M", 62, 312, "Q", 56, 342, 76, 344, "L", 214, 344, "L", 240, 352, "H", 338, "L", 338, 308, "Q", 200, 322, 62, 312, "Z")
        : path("M", 62, 312, "Q", 52, 334, 74, 338, "Q", 200, 328, 330, 340, "Q", 350, 336, 344, 312, "Q", 200, 322, 62, 312, "Z");
      sheet.cloth(sole, { fill: rope ? "#cfab77" : "#b98d60", pattern: false });
      if (rope) sheet.line(path("M", 64, 324, "Q", 200, 334, 338, 322, "M", 66, 336, "Q", 200, 346, 338, 338), { width: 3, dash: "6 4", opacity: 0.4 });
    },
    { dx: 44, dy: -104, floor: -8 },
  );
}

export function drawLoafers(sheet, { style }) {
  pair(
    sheet,
    () => {
      sheet.cloth(path("M", 58, 316, "Q", 56, 276, 108, 266, "L", 176, 246, "Q", 196, 222, 224, 222, "Q", 230, 252, 262, 256, "Q", 310, 256, 330, 226, "Q", 344, 260, 342, 318, "Z"));
      sheet.shape(path("M", 214, 226, "Q", 262, 236, 328, 230, "Q", 306, 256, 262, 256, "Q", 230, 252, 222, 224, "Z"), sheet.deep);
      sheet.line(path("M", 92, 290, "Q", 104, 266, 150, 264, "Q", 190, 262, 206, 282, "Q", 150, 284, 92, 290, "Z"), { width: 2.2, dash: style === "penny" ? undefined : "5 3" });
      sheet.cloth(path("M", 166, 258, "L", 212, 232, "Q", 224, 262, 228, 302, "L", 206, 306, "Q", 194, 274, 166, 258, "Z"), { fill: sheet.dark, width: 1.3 });
      if (style === "horsebit") sheet.line(path("M", 176, 262, "L", 214, 258), { stroke: sheet.trim, width: 7, opacity: 1 });
      if (style === "tassel") sheet.line(path("M", 192, 262, "l", -10, 26, "M", 194, 262, "l", 0, 28, "M", 196, 262, "l", 10, 24), { stroke: sheet.deep, width: 5, opacity: 1 });
      sheet.cloth(path("M", 54, 314, "Q", 50, 330, 64, 332, "H", 246, "L", 252, 344, "H", 346, "L", 346, 312, "Z"), { fill: "#382b26", pattern: false });
    },
    { dx: 44, dy: -96, floor: 0 },
  );
}
