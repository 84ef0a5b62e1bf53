/** Sunglasses, watches and socks. */
import { path } from "../draw.mjs";

export function drawSunglasses(sheet, { style }) {
  const lens = {
    round: path("M", 226, 250, "a", 58, 58, 0, 1, 1, 116, 0, "a", 58, 58, 0, 1, 1, -116, 0, "Z"),
    square: path("M", 228, 204, "Q", 290, 194, 344, 204, "Q", 352, 208, 350, 224, "L", 342, 288, "Q", 334, 304, 308, 306, "Q", 250, 310, 238, 292, "Q", 224, 262, 222, 214, "Z"),
    cat: path("M", 226, 222, "Q", 280, 190, 362, 184, "Q", 364, 210, 348, 246, "Q", 330, 294, 282, 296, "Q", 232, 292, 224, 250, "Z"),
    aviator: path("M", 226, 214, "Q", 286, 196, 346, 210, "Q", 354, 230, 344, 266, "Q", 326, 316, 278, 312, "Q", 230, 300, 222, 232, "Z"),
  }[style];
  const wire = style === "aviator";
  sheet.define(
    `<linearGradient id="l" x2=".5" y2="1"><stop stop-color="${wire ? "#33424a" : "#2a2830"}"/><stop offset="1" stop-color="${wire ? "#a98a6a" : "#7b6f77"}"/></linearGradient>`,
  );
  const arm = wire ? path("M", 338, 214, "L", 346, 214, "Q", 362, 170, 350, 122, "L", 343, 124, "Q", 352, 170, 338, 214, "Z") : path("M", 330, 216, "L", 350, 212, "Q", 376, 166, 358, 116, "L", 344, 120, "Q", 356, 170, 330, 216, "Z");
  sheet.cloth(arm, { both: true, fill: wire ? sheet.trim : sheet.dark });
  sheet.line(path("M", 176, 232, "Q", 200, 208, 224, 232), { width: wire ? 6 : 12, stroke: wire ? sheet.trim : sheet.base, opacity: 1, cap: "butt" });
  if (wire) sheet.line(path("M", 182, 212, "H", 218), { width: 5, stroke: sheet.trim, opacity: 1 });
  const edge = wire ? sheet.trim : sheet.base;
  sheet.both(
    `<path d="${lens}" fill="url(#l)" stroke="${sheet.ink}" stroke-width="${wire ? 7 : 17}"/><path d="${lens}" fill="none" stroke="${edge}" stroke-width="${wire ? 5 : 14}"/>`,
  );
  sheet.shape(path("M", 244, 236, "L", 286, 214, "L", 300, 218, "L", 246, 262, "Z", "M", 254, 272, "L", 316, 222, "L", 322, 226, "L", 260, 280, "Z"), "#fff", { opacity: 0.22 });
  sheet.shape(path("M", 94, 236, "L", 136, 214, "L", 150, 218, "L", 96, 262, "Z", "M", 104, 272, "L", 166, 222, "L", 172, 226, "L", 110, 280, "Z"), "#fff", { opacity: 0.22 });
}

export function drawWatch(sheet, { style }) {
  const metal = style === "bracelet";
  const strap = metal ? sheet.trim : sheet.base;
  sheet.cloth(path("M", 168, 40, "Q", 200, 32, 232, 40, "L", 240, 190, "H", 160, "Z"), { fill: strap });
  sheet.cloth(path("M", 160, 310, "H", 240, "L", 232, 456, "Q", 200, 474, 168, 456, "Z"), { fill: strap });
  if (metal) {
    let d = "";
    for (let y = 58; y < 460; y += 18) if (y < 168 || y > 328) d += path("M", 162, y, "Q", 200, y + 6, 238, y);
    sheet.line(`${d}M187 40V190M213 40V190M187 310V460M213 310V460`, { width: 2, opacity: 0.45 });
  } else {
    sheet.line(path("M", 174, 48, "L", 168, 180, "M", 226, 48, "L", 232, 180, "M", 168, 320, "L", 174, 448, "M", 232, 320, "L", 226, 448), { dash: "5 4", stroke: sheet.pale });
    sheet.dots([[200, 372], [200, 394], [200, 416], [200, 438]], 4, sheet.deep);
  }
  const square = style === "square";
  const frame = (inset, fill) =>
    square
      ? `<rect x="${122 + inset}" y="${172 + inset}" width="${156 - 2 * inset}" height="${156 - 2 * inset}" rx="${30 - inset / 2}" fill="${fill}"/>`
      : `<circle cx="200" cy="250" r="${84 - inset}" fill="${fill}"/>`;
  const dial = metal ? sheet.base : "#f8f5ee";
  const marks = metal ? "#f4ead4" : "#3a3438";
  sheet.define('<linearGradient id="m" x2="1" y2="1"><stop stop-color="#fff" stop-opacity=".75"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-opacity=".35"/></linearGradient>');
  sheet.shape(path("M", 278, 238, "h", 16, "q", 5, 0, 5, 5, "v", 14, "q", 0, 5, -5, 5, "h", -16, "Z"), sheet.trim);
  sheet.add(frame(0, sheet.trim) + frame(0, "url(#m)") + frame(13, dial));
  let d = "";
  for (let hour = 0; hour < 12; hour += 1) {
    const angle = (hour * Math.PI) / 6;
    const [x, y] = [Math.sin(angle), -Math.cos(angle)];
    d += path("M", 200 + x * 60, 250 + y * 60, "L", 200 + x * (hour % 3 === 0 ? 48 : 54), 250 + y * (hour % 3 === 0 ? 48 : 54));
  }
  sheet.line(d, { stroke: marks, width: 4, opacity: 1, cap: "butt" });
  sheet.line(path("M", 200, 250, "L", 176, 228, "M", 200, 250, "L", 234, 214), { stroke: marks, width: 5, opacity: 1 });
  if (style === "chronograph") sheet.add(`<circle cx="200" cy="278" r="15" fill="none" stroke="${marks}" stroke-width="2" opacity=".6"/><circle cx="172" cy="254" r="11" fill="none" stroke="${marks}" stroke-width="2" opacity=".6"/>`);
  sheet.dots([[200, 250]], 5, sheet.trim);
  sheet.shape(path("M", 146, 226, "Q", 162, 190, 200, 184, "Q", 170, 206, 158, 246, "Z"), "#fff", { opacity: 0.35 });
}

export function drawSocks(sheet, { style }) {
  const ankle = style === "ankle";
  const top = ankle ? 196 : style === "knee" ? 54 : 106;
  const one = () => {
    sheet.cloth(path("M", 196, top, "Q", 240, top - 6, 284, top, "Q", 280, 220, 288, 286, "Q", 296, 338, 256, 356, "L", 150, 404, "Q", 96, 420, 88, 380, "Q", 88, 352, 134, 334, "Q", 190, 310, 196, 260, "Z"));
    sheet.shape(path("M", 288, 282, "Q", 298, 340, 254, 357, "Q", 238, 312, 288, 282, "Z"), sheet.dark, { opacity: 0.9 });
    sheet.shape(path("M", 150, 404, "Q", 96, 420, 88, 380, "Q", 88, 354, 128, 337, "Q", 156, 364, 150, 404, "Z"), sheet.dark, { opacity: 0.9 });
    sheet.shape(path("M", 196, top, "Q", 240, top - 6, 284, top, "L", 283, top + 34, "Q", 240, top + 30, 196, top + 34, "Z"), sheet.dark, { opacity: 0.9 });
    let rib = "";
    for (let x = 204; x < 282; x += 9) rib += path("M", x, top + 1, "v", 32);
    sheet.line(rib, { width: 1.6, opacity: 0.4 });
    sheet.folds([[204, 264, 240, 290, 286, 280, 12], [200, 286, 222, 316, 250, 330, 10]]);
  };
  sheet.define(`<g id="s">${sheet.capture(one)}</g>`);
  sheet.add('<use href="#s" transform="translate(52 -22)"/><use href="#s" transform="translate(-18 22)"/>');
}
