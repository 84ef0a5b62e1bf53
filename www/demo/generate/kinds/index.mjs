/** All kinds of articles that the shop sells. */
import { BOTTOMS, DRESSES, OUTERWEAR, TOPS } from "./clothes.mjs";
import { ACCESSORIES, FOOTWEAR } from "./extras.mjs";

export const KINDS = [...TOPS, ...DRESSES, ...BOTTOMS, ...OUTERWEAR, ...FOOTWEAR, ...ACCESSORIES];
