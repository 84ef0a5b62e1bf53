/**
 * A sheet of paper for one garment: collects shapes and writes a small, script-free SVG of 400 × 500.
 *
 * Garments are drawn flat, lit from the front: every piece of cloth is a silhouette filled with the colour, then
 * with the pattern, then with a shading gradient, so that colour, pattern and form stay independent.
 */
import { lightness, mix } from "./palette.mjs";

/** Whole units: finer ones can't be seen at the size of a card. */
const join = (values) => values.map((value) => Math.round(value)).join(" ").replaceAll(" -", "-");

/**
 * A closed path that is symmetric about x = 200.
 *
 * @param start `[x, y]`, x measured from the centre line to the right
 * @param segments of the right half: `[x, y]` line, `[cx, cy, x, y]` quadratic, `[c1x, c1y, c2x, c2y, x, y]` cubic
 */
export function symmetric(start, segments) {
  const at = (numbers, side) => numbers.map((value, i) => (i % 2 === 0 ? 200 + side * value : value));
  const letter = { 2: "L", 4: "Q", 6: "C" };
  let path = `M${join(at(start, 1))}`;
  const ends = [start];
  for (const segment of segments) {
    path += letter[segment.length] + join(at(segment, 1));
    ends.push(segment.slice(-2));
  }
  // Back along the left side: the same segments in reverse, each with its control points swapped.
  const last = ends.at(-1);
  if (last[0] !== 0) path += `L${join(at(last, -1))}`;
  for (let i = segments.length - 1; i >= 0; i -= 1) {
    const segment = segments[i];
    const back = [...ends[i]];
    const turned = segment.length === 6 ? [segment[2], segment[3], segment[0], segment[1]] : segment.slice(0, -2);
    path += letter[segment.length] + join(at([...turned, ...back], -1));
  }
  return `${path}Z`;
}

/** A path from numbers and letters: `path("M", 1, 2, "L", 3, 4)`. */
export function path(...parts) {
  let out = "";
  let numbers = [];
  for (const part of [...parts, ""]) {
    if (typeof part === "number") numbers.push(part);
    else {
      out += join(numbers) + part;
      numbers = [];
    }
  }
  return out;
}

const SHADE =
  '<linearGradient id="g"><stop stop-opacity=".24"/><stop offset=".2" stop-opacity=".05"/>' +
  '<stop offset=".3" stop-color="#fff" stop-opacity=".06"/><stop offset=".46" stop-color="#fff" stop-opacity=".13"/>' +
  '<stop offset=".62" stop-color="#fff" stop-opacity=".05"/><stop offset=".78" stop-opacity=".05"/><stop offset="1" stop-opacity=".27"/></linearGradient>';

export class Sheet {
  #defs = "";
  #body = "";
  #ids = 0;

  /** @param look `{ hex, pattern, trim? }`: main colour, pattern name, colour of the hardware */
  constructor(look) {
    const { hex, pattern = "plain", trim } = look;
    const light = lightness(hex);
    this.base = hex;
    this.dark = mix(hex, "#1a1420", 0.22);
    this.deep = mix(hex, "#14101a", 0.45);
    this.pale = mix(hex, "#ffffff", 0.35);
    /** Seams and edges: darker than the cloth, on near-black cloth lighter. */
    this.ink = light < 0.24 ? mix(hex, "#ffffff", 0.28) : mix(hex, "#1a1420", 0.42);
    this.trim = trim ?? (light < 0.3 ? "#cfb88a" : "#b89a62");
    /** Set by garments that are slimmer, longer or lower than they are drawn. */
    this.fit = { scaleX: 1, scaleY: 1, dy: 0 };
    this.patterned = pattern !== "plain";
    if (this.patterned) this.#defs += patternDef(pattern, hex);
  }

  /** A piece of cloth: colour, pattern, shading and an edge; `texture` is a paint server of the garment's own. */
  cloth(d, { fill = this.base, pattern = true, both = false, width = 1.5, texture } = {}) {
    const id = `c${(this.#ids += 1)}`;
    this.#defs += `<path id="${id}" d="${d}"/>`;
    let drawn = `<use href="#${id}" fill="${fill}" stroke="${this.ink}"${width === 1.5 ? "" : ` stroke-width="${width}"`}/>`;
    if (pattern && this.patterned) drawn += `<use href="#${id}" fill="url(#p)"/>`;
    if (texture) drawn += `<use href="#${id}" fill="url(#${texture})"/>`;
    drawn += `<use href="#${id}" fill="url(#g)"/>`;
    return both ? this.both(drawn) : this.add(drawn);
  }

  /** A shape without shading. */
  shape(d, fill, { opacity = 1, both = false } = {}) {
    const drawn = `<path d="${d}" fill="${fill}"${opacity < 1 ? ` opacity="${opacity}"` : ""}/>`;
    return both ? this.both(drawn) : this.add(drawn);
  }

  /** A line: a seam, an edge, with `dash` a row of stitches. */
  line(d, { stroke = this.ink, width = 1.5, opacity = 0.7, dash, both = false, cap = "round" } = {}) {
    const drawn =
      `<path d="${d}" fill="none" stroke="${stroke}"${width === 1.5 ? "" : ` stroke-width="${width}"`}` +
      `${cap === "round" ? "" : ` stroke-linecap="${cap}"`}${opacity < 1 ? ` opacity="${opacity}"` : ""}${dash ? ` stroke-dasharray="${dash}"` : ""}/>`;
    return both ? this.both(drawn) : this.add(drawn);
  }

  /** Folds: slender lenses from a point to a point, bowed through a third; dark, or light with `shine`. */
  folds(list, { both = false, shine = false, opacity = 0.13 } = {}) {
    const d = list
      .map(([x1, y1, cx, cy, x2, y2, w]) => path("M", x1, y1, "Q", cx, cy, x2, y2, "Q", cx + w, cy, x1, y1, "Z"))
      .join("");
    const colour = shine ? "#fff" : "#140c1c";
    return this.shape(d, colour, { both, opacity });
  }

  /** Round buttons, rivets, eyelets. */
  dots(points, radius, fill = this.ink) {
    return this.add(points.map(([x, y]) => `<circle cx="${Math.round(x)}" cy="${Math.round(y)}" r="${radius}" fill="${fill}"/>`).join(""));
  }

  /** Draws now and mirrored about the centre line. */
  both(markup) {
    const id = `c${(this.#ids += 1)}`;
    return this.add(`<g id="${id}">${markup}</g><use href="#${id}" transform="matrix(-1 0 0 1 400 0)"/>`);
  }

  add(markup) {
    this.#body += markup;
    return this;
  }

  define(markup) {
    this.#defs += markup;
    return this;
  }

  /** What `draw` adds, as markup of its own rather than on the sheet. */
  capture(draw) {
    const before = this.#body;
    this.#body = "";
    draw();
    const drawn = this.#body;
    this.#body = before;
    return drawn;
  }

  /** The finished drawing; `scaleX` and `scaleY` make the garment smaller (children's sizes). */
  finish({ scaleX: narrower = 1, scaleY: shorter = 1 } = {}) {
    const scaleX = Math.round(this.fit.scaleX * narrower * 1000) / 1000;
    const scaleY = Math.round(this.fit.scaleY * shorter * 1000) / 1000;
    const { dy } = this.fit;
    const light = lightness(this.base);
    const wall = light > 0.8 ? "#cfcbc4" : "#f1eee9";
    const outer = mix(this.base, wall, light > 0.8 ? 0.68 : 0.8);
    const inner = mix(outer, "#ffffff", 0.55);
    const scaled = scaleX !== 1 || scaleY !== 1 || dy !== 0;
    const move = scaled
      ? ` transform="matrix(${scaleX} 0 0 ${scaleY} ${join([200 - 200 * scaleX, 250 - 250 * scaleY + dy])})"`
      : "";
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500"><defs>' +
      `<radialGradient id="b" cy=".42" r=".72"><stop stop-color="${inner}"/><stop offset="1" stop-color="${outer}"/></radialGradient>` +
      '<filter id="f" x="-.2" y="-.2" width="1.4" height="1.4"><feDropShadow dx="0" dy="9" stdDeviation="9" flood-color="#1d1420" flood-opacity=".26"/></filter>' +
      `${SHADE}${this.#defs}</defs><path fill="url(#b)" d="M0 0h400v500H0z"/>` +
      `<g filter="url(#f)"><g stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"${move}>${this.#body}</g></g></svg>`
    );
  }
}

/** The cloth's pattern as a tile, in a colour that stands off the ground. */
function patternDef(pattern, hex) {
  const dark = lightness(hex) < 0.55;
  const second = dark ? mix(hex, "#fbf6ea", 0.82) : mix(hex, "#1f2b46", 0.66);
  const soft = dark ? mix(hex, "#fbf6ea", 0.4) : mix(hex, "#1f2b46", 0.34);
  const bloom = dark ? "#f2c9b4" : "#c8566a";
  const tile = (width, height, drawn, turn = "") =>
    `<pattern id="p" width="${width}" height="${height}" patternUnits="userSpaceOnUse"${turn}>${drawn}</pattern>`;
  switch (pattern) {
    case "stripe":
      return tile(24, 24, `<path fill="${second}" d="M0 0h24v9H0z"/>`);
    case "pinstripe":
      return tile(14, 14, `<path fill="${second}" opacity=".75" d="M0 0h2v14H0z"/>`);
    case "check":
      return tile(
        44,
        44,
        `<path fill="${soft}" opacity=".6" d="M0 0h16v44H0zM0 0h44v16H0z"/><path stroke="${second}" opacity=".75" d="M30 0v44M0 30h44"/>`,
      );
    case "dots":
      return tile(26, 26, `<g fill="${second}"><circle cx="6" cy="6" r="3.4"/><circle cx="19" cy="19" r="3.4"/></g>`);
    case "floral":
      return tile(
        52,
        52,
        `<g fill="${bloom}"><path d="M14 5q6 1 3 7 6 2 2 7-5 3-7-2-6 2-7-4 2-5 6-3 0-5 3-5z"/><path d="M40 30q6 1 3 7 6 2 2 7-5 3-7-2-6 2-7-4 2-5 6-3 0-5 3-5z"/></g><path fill="none" stroke="${second}" stroke-width="2" d="M22 22q8 2 9 10M4 40q4-6 10-4M38 14q2-6 8-6"/>`,
      );
    default:
      throw new Error(`no pattern "${pattern}": add it to patternDef in draw.mjs`);
  }
}
