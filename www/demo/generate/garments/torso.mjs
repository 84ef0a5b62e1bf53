/** The parts that upper garments share: body, sleeves, neck. Coordinates: x from the centre line, y downwards. */
import { path, symmetric } from "../draw.mjs";

/** Where an upper garment's seams run. */
export const CUT = { neckWidth: 40, neckY: 96, shoulderX: 104, shoulderY: 118, armY: 192, chest: 97, hem: 96, bottom: 408 };

/** The body with a neckline `depth` deep. */
export function body(cut, depth) {
  const { neckWidth, neckY, shoulderX, shoulderY, armY, chest, hem, bottom } = cut;
  return symmetric(
    [0, neckY + depth],
    [
      [neckWidth * 0.62, neckY + depth, neckWidth, neckY + depth * 0.55, neckWidth, neckY],
      [shoulderX, shoulderY],
      [shoulderX - 12, shoulderY + 36, chest + 1, armY - 24, chest, armY],
      [chest - 4, armY + 70, hem - 3, bottom - 90, hem, bottom],
      [hem * 0.5, bottom + 7, 0, bottom + 7],
    ],
  );
}

/** A body with a pointed (V) neckline. */
export function bodyV(cut, depth) {
  const { neckWidth, neckY, shoulderX, shoulderY, armY, chest, hem, bottom } = cut;
  return symmetric(
    [0, neckY + depth],
    [
      [neckWidth * 0.5, neckY + depth * 0.6, neckWidth, neckY],
      [shoulderX, shoulderY],
      [shoulderX - 12, shoulderY + 36, chest + 1, armY - 24, chest, armY],
      [chest - 4, armY + 70, hem - 3, bottom - 90, hem, bottom],
      [hem * 0.5, bottom + 7, 0, bottom + 7],
    ],
  );
}

/** The inside of the back, seen through the neck. */
export function drawBackNeck(sheet, cut, depth) {
  const { neckWidth: w, neckY: y } = cut;
  sheet.shape(
    path("M", 200 - w, y, "Q", 200, y - 9, 200 + w, y, "Q", 200 + w, y + depth, 200, y + depth + 2, "Q", 200 - w, y + depth, 200 - w, y, "Z"),
    sheet.deep,
  );
}

const right = (...numbers) => numbers.map((value, i) => (i % 2 === 0 ? 200 + value : value));

/** The right sleeve; `length` is "cap", "short", "half" or "long". */
export function sleeve(cut, length, width = 30) {
  const { shoulderX: sx, shoulderY: sy, chest, armY } = cut;
  const start = ["M", ...right(sx - 6, sy - 2)];
  const armpit = right(chest - 4, armY + 4);
  switch (length) {
    case "cap":
      return path(...start, "Q", ...right(sx + 30, sy + 14, sx + 40, sy + 56), "L", ...right(chest + 8, armY - 2), "L", ...armpit, "Z");
    case "short":
      return path(...start, "Q", ...right(sx + 26, sy + 12, sx + 52, sy + 86), "L", ...right(sx + 14, sy + 108), "Q", ...right(chest + 8, armY + 14), ...armpit, "Z");
    case "half":
      return path(...start, "Q", ...right(sx + 28, sy + 16, sx + 52, sy + 150), "L", ...right(sx + 12, sy + 160), "Q", ...right(chest + 12, armY + 40), ...armpit, "Z");
    default:
      return path(
        ...start,
        "C", ...right(sx + 26, sy + 12, sx + 36, sy + 120, sx + 48, sy + 280),
        "Q", ...right(sx + 48 - width / 2, sy + 290, sx + 48 - width, sy + 284),
        "C", ...right(sx + 10, sy + 200, chest + 12, armY + 50), ...armpit, "Z",
      );
  }
}

/** Soft folds at the sides and under the arms of a body that hangs. */
export function drawBodyFolds(sheet, cut) {
  const { chest, armY, bottom } = cut;
  sheet.folds(
    [
      [200 + chest - 6, armY + 8, 200 + chest - 44, armY + 34, 200 + 18, armY + 96, 9],
      [200 + chest - 8, bottom - 120, 200 + 56, bottom - 70, 200 + 40, bottom - 4, 10],
    ],
    { both: true },
  );
  sheet.folds([[184, armY + 120, 172, bottom - 60, 178, bottom - 2, 7]]);
}

/** A collar of two leaves about a short stand. `spread` widens the opening. */
export function drawShirtCollar(sheet, cut, { spread = 0, fill = sheet.base } = {}) {
  const { neckWidth: w, neckY: y } = cut;
  sheet.shape(path("M", 200 - w, y, "Q", 200, y - 14, 200 + w, y, "L", 200, y + 40 + spread, "Z"), sheet.deep);
  sheet.cloth(
    path("M", ...right(w - 2, y - 10), "L", ...right(w + 14, y + 12, w - 2, y + 46 + spread / 2, spread > 0 ? 8 : 1, y + 32 + spread), "Q", ...right(w * 0.72, y + 14, w - 10, y - 9), "Z"),
    { both: true, fill },
  );
}

/** Buttons down the front with the edge of the placket. */
export function drawPlacket(sheet, top, bottom, count, { x = 200, width = 9, fill = sheet.pale } = {}) {
  sheet.line(path("M", x - width, top, "V", bottom, "M", x + width, top, "V", bottom), { width: 1.2, opacity: 0.5 });
  // A round cap on a dash of no length is a dot.
  const step = (bottom - top - 26) / (count - 1);
  const buttons = { dash: `0 ${Math.round(step * 10) / 10}`, opacity: 1 };
  const run = path("M", x, top + 12, "V", top + 13 + step * (count - 1));
  sheet.line(run, { ...buttons, width: 8 });
  sheet.line(run, { ...buttons, width: 5, stroke: fill });
}
