#!/usr/bin/env node
/** Draws the picture on the demo shop's home page: `node hero.mjs > ../hero.svg`. */
import { drawArticle } from "./garments/index.mjs";
import { COLOURS } from "./palette.mjs";

const WIDTH = 1040;
const HEIGHT = 680;
const RAIL = 92;

/** An article without its wall, as a nested drawing with ids of its own. */
function place(name, { x, y, width, ...article }) {
  const inner = drawArticle({ pattern: "plain", ...article, hex: COLOURS[article.colour].hex })
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>$/, "")
    .replace(/<radialGradient id="b".*?<\/radialGradient>/, "")
    .replace(/<path fill="url\(#b\)"[^>]*>/, "")
    .replaceAll(/id="(\w+)"/g, `id="${name}$1"`)
    .replaceAll(/#([a-z]\d*)(?=[")])/g, `#${name}$1`);
  return `<svg x="${x}" y="${y}" width="${width}" height="${width * 1.25}" viewBox="0 0 400 500">${inner}</svg>`;
}

/** A hanger on the rail, its bar `drop` below. */
function hanger(x, drop, half) {
  const y = RAIL + drop;
  return (
    `<path d="M${x} ${y - 14}V${RAIL + 12}q0-18 13-18 11 2 9 13" fill="none" stroke="#8d7a5f" stroke-width="4" stroke-linecap="round"/>` +
    `<path d="M${x} ${y - 18}L${x + half} ${y + 10}q4 8-6 8H${x - half + 6}q-10 0-6-8Z" fill="#c8a877" stroke="#8d7a5f" stroke-width="2"/>`
  );
}

const hanging = [
  { x: 196, drop: 38, half: 50, article: { drawing: "coat", style: "trench", colour: "sand", x: 70, y: 70, width: 252 } },
  { x: 376, drop: 38, half: 46, article: { drawing: "shirt", style: "camp", colour: "sage", x: 252, y: 74, width: 248 } },
  { x: 560, drop: 30, half: 40, article: { drawing: "dress", style: "wrap", colour: "coral", pattern: "floral", x: 432, y: 76, width: 256 } },
  { x: 728, drop: 38, half: 44, article: { drawing: "sweater", style: "cardigan", colour: "butter", x: 610, y: 76, width: 236 } },
  { x: 880, drop: 38, half: 42, article: { drawing: "jacket", style: "denim", colour: "denim", x: 766, y: 78, width: 228 } },
];
const standing = [
  { drawing: "bag", style: "tote", colour: "tan", x: 70, y: 396, width: 186 },
  { drawing: "sneakers", style: "low", colour: "chalk", x: 316, y: 442, width: 176 },
  { drawing: "hat", style: "straw", colour: "oat", x: 540, y: 440, width: 170 },
  { drawing: "boots", style: "chelsea", colour: "tan", x: 730, y: 400, width: 186 },
];

const leaf = (x, y, turn, size) => `<path transform="translate(${x} ${y}) rotate(${turn}) scale(${size})" d="M0 0C-26-34-22-92 0-128 22-92 26-34 0 0Z"/>`;
const plant =
  `<g fill="#5f7d62">${leaf(990, 560, -34, 1.25)}${leaf(990, 560, 30, 1.15)}</g>` +
  `<g fill="#76977a">${leaf(990, 562, -8, 1.5)}${leaf(990, 562, -62, 0.95)}${leaf(990, 562, 58, 0.9)}</g>` +
  '<path d="M950 556h82l-10 78q-31 12-62 0Z" fill="#c97f5c"/><path d="M946 548h90v18h-90z" fill="#d99272"/>';

process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"><defs>` +
    '<linearGradient id="wall" x2="0" y2="1"><stop stop-color="#f2e6d3"/><stop offset="1" stop-color="#ead9c1"/></linearGradient>' +
    '<linearGradient id="light" x2=".6" y2="1"><stop stop-color="#fff" stop-opacity=".75"/><stop offset="1" stop-color="#fff" stop-opacity=".12"/></linearGradient></defs>' +
    `<path fill="url(#wall)" d="M0 0h${WIDTH}v${HEIGHT}H0z"/>` +
    '<path fill="url(#light)" d="M420 560V250a150 150 0 0 1 300 0v310Z" transform="skewX(-14) translate(150 0)"/>' +
    `<path fill="#d8bf9d" d="M0 590h${WIDTH}v90H0z"/><path fill="#e3cdb0" d="M0 584h${WIDTH}v8H0z"/>` +
    `<path d="M44 ${RAIL}H1000M76 ${RAIL}V640M968 ${RAIL}V640M52 640h48M944 640h48" fill="none" stroke="#5c4a3a" stroke-width="9" stroke-linecap="round"/>` +
    hanging.map(({ x, drop, half }) => hanger(x, drop, half)).join("") +
    hanging.map(({ article }, at) => place(`h${at}`, article)).join("") +
    standing.map((article, at) => place(`s${at}`, article)).join("") +
    plant +
    "</svg>\n",
);
