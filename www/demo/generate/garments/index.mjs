/** Which function draws which kind of article. */
import { Sheet } from "../draw.mjs";
import { drawBag, drawBelt } from "./bags.mjs";
import { drawJeans, drawShorts, drawTrousers } from "./bottoms.mjs";
import { drawDress, drawSkirt } from "./dresses.mjs";
import { drawHat, drawScarf } from "./headwear.mjs";
import { drawCoat, drawJacket } from "./outerwear.mjs";
import { drawBoots, drawLoafers, drawSandals, drawSneakers } from "./shoes.mjs";
import { drawSocks, drawSunglasses, drawWatch } from "./small.mjs";
import { drawHoodie, drawShirt, drawSweater, drawTshirt } from "./tops.mjs";

const DRAWINGS = {
  tshirt: drawTshirt,
  shirt: drawShirt,
  sweater: drawSweater,
  hoodie: drawHoodie,
  dress: drawDress,
  skirt: drawSkirt,
  trousers: drawTrousers,
  jeans: drawJeans,
  shorts: drawShorts,
  coat: drawCoat,
  jacket: drawJacket,
  sneakers: drawSneakers,
  boots: drawBoots,
  sandals: drawSandals,
  loafers: drawLoafers,
  hat: drawHat,
  scarf: drawScarf,
  bag: drawBag,
  belt: drawBelt,
  sunglasses: drawSunglasses,
  watch: drawWatch,
  socks: drawSocks,
};

/** Children's garments are shorter and rounder; their accessories are just smaller. */
const KIDS = { scaleX: 0.94, scaleY: 0.84 };

/**
 * The drawing of an article as SVG text.
 *
 * @param article `{ drawing, style, hex, pattern, kids }`
 */
export function drawArticle({ drawing, style, hex, pattern, kids = false }) {
  const draw = DRAWINGS[drawing];
  if (!draw) throw new Error(`nothing draws "${drawing}": add it to DRAWINGS in garments/index.mjs`);
  const sheet = new Sheet({ hex, pattern });
  draw(sheet, { style });
  return sheet.finish(kids ? KIDS : {});
}
