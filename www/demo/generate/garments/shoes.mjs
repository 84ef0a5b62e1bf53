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
        sheet.line(path("M", 286, top + 4, "Q", 288, 200, 292, 320), { width: 1.8, dash: "4 3" });
        sheet.folds([[220, top + 40, 236, 180, 226, 224, 10]], { shine: true, opacity: 0.2 });
      }
      const heel = tall || style === "heeled" ? 372 : 352;
      sheet.cloth(path("M", 70, 322, "Q", 62, 338, 80, 344, "H", 236, "L", 246, 336, "L", 258, heel, "H", 318, "L", 322, 322, "Z"), { fill: "#3a2e2a", pattern: false });
    },
    { dx: 56, dy: tall ? -34 : -52, floor: tall ? 30 : 22 },
  );
}

/** The outline of a right footbed from above, toes up. */
const FOOTBED = "M262 72Q304 76 310 142 314 190 304 234 296 290 302 344 306 424 258 428 212 426 216 352 224 296 216 240 204 178 216 130 226 72 262 72Z";

export function drawSandals(sheet, { style }) {
  const buckle = (x, y) => sheet.line(path("M", x, y, "h", 20, "v", 22, "h", -20, "Z"), { stroke: sheet.trim, width: 4.5, opacity: 1 });
  const straps = {
    slide: () => {
      sheet.cloth("M202 150Q262 118 322 162L318 258Q262 222 204 248Z");
      sheet.line("M208 164Q262 134 316 174M208 236Q262 210 314 244", { dash: "4 3" });
    },
    strappy: () => {
      sheet.cloth("M206 142Q262 120 318 150L317 166Q262 140 206 160Z");
      sheet.cloth("M210 190Q256 150 316 206L314 222Q256 174 212 208Z");
      sheet.cloth("M208 352Q262 306 310 350L312 368Q262 328 208 372Z");
      buckle(296, 348);
    },
    buckle: () => {
      sheet.cloth("M202 138Q262 108 320 144L318 192Q262 160 204 186Z");
      sheet.cloth("M204 216Q258 190 316 218L310 266Q260 240 210 262Z");
      buckle(284, 142);
      buckle(282, 216);
    },
    espadrille: () => {
      sheet.cloth("M208 198Q196 64 262 60 324 64 317 198 262 166 208 198Z");
      sheet.cloth("M210 360Q262 300 308 356L308 424Q262 452 212 424Z");
      sheet.line("M212 366Q250 262 262 248 276 262 306 362", { width: 8, stroke: sheet.dark, opacity: 1 });
    },
  };
  const one = () => {
    const rope = style === "espadrille";
    sheet.add(`<path d="${FOOTBED}" fill="${rope ? "#b98f58" : "#8a6544"}" stroke="${rope ? "#b98f58" : "#6d4d33"}" stroke-width="${rope ? 16 : 9}"/>`);
    if (rope) sheet.line(FOOTBED, { stroke: "#e5cb9c", width: 12, dash: "3 5", cap: "butt", opacity: 0.8 });
    sheet.cloth(FOOTBED, { fill: "#d2a878", pattern: false, width: 1 });
    sheet.folds([[230, 110, 222, 240, 232, 400, 14]], { opacity: 0.1 });
    straps[style]();
  };
  sheet.fit = { scaleX: 0.94, scaleY: 0.94, dy: 0 };
  sheet.both(sheet.capture(one));
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
