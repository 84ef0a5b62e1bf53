/** Why people come to the shop, and what they wear together. */

const ADULTS = ["women", "men"];
const EVERYBODY = ["women", "men", "kids"];

/** `kinds`: what is looked at, by weight; `season`: when the mission is common. */
export const MISSIONS = {
  summerHoliday: { weight: 3, season: "summer", departments: EVERYBODY, kinds: { dress: 4, shorts: 4, sandals: 3, sunglasses: 3, hat: 2, tshirt: 3, shirt: 1 } },
  office: { weight: 3, season: "all", departments: ADULTS, kinds: { shirt: 5, trousers: 4, jacket: 2, loafers: 2, belt: 1.5, skirt: 2, bag: 2, watch: 1 } },
  weekend: { weight: 4, season: "all", departments: EVERYBODY, kinds: { tshirt: 5, jeans: 4, sneakers: 3, hoodie: 3, socks: 1.5, hat: 1, jacket: 1.5 } },
  cold: { weight: 3, season: "winter", departments: EVERYBODY, kinds: { coat: 5, sweater: 4, scarf: 3, boots: 3, hat: 1.5, socks: 1 } },
  evening: { weight: 1.6, season: "spring", departments: ADULTS, kinds: { dress: 5, bag: 3, watch: 2, sandals: 2, jacket: 2, skirt: 2, loafers: 1 } },
  sport: { weight: 1.6, season: "all", departments: EVERYBODY, kinds: { sneakers: 4, hoodie: 3, shorts: 2, trousers: 2, socks: 2, tshirt: 2 } },
  layers: { weight: 2, season: "spring", departments: EVERYBODY, kinds: { jacket: 4, sweater: 3, shirt: 2, skirt: 2, trousers: 2, sneakers: 1, boots: 1 } },
  gift: { weight: 1.2, season: "all", departments: ADULTS, kinds: { scarf: 3, watch: 3, bag: 3, belt: 2, sunglasses: 1, socks: 2, hat: 1 } },
};

/** Kind → what is bought with it, with its probability. */
const TOGETHER = {
  trousers: { belt: 0.5, shirt: 0.4, loafers: 0.25 },
  jeans: { belt: 0.3, tshirt: 0.45, sneakers: 0.3 },
  dress: { sandals: 0.45, bag: 0.4, sunglasses: 0.15 },
  skirt: { shirt: 0.35, sweater: 0.2, boots: 0.2 },
  coat: { scarf: 0.5, boots: 0.3, hat: 0.25 },
  jacket: { shirt: 0.25, trousers: 0.3, tshirt: 0.2 },
  shirt: { trousers: 0.35, belt: 0.15, watch: 0.1 },
  tshirt: { shorts: 0.3, jeans: 0.3, hat: 0.1 },
  shorts: { tshirt: 0.4, sandals: 0.25, sunglasses: 0.2 },
  hoodie: { trousers: 0.35, sneakers: 0.25, socks: 0.2 },
  sweater: { jeans: 0.25, scarf: 0.25, skirt: 0.15 },
  sneakers: { socks: 0.6 },
  boots: { socks: 0.4, coat: 0.15 },
  loafers: { belt: 0.35, socks: 0.3, trousers: 0.2 },
  sandals: { sunglasses: 0.25, hat: 0.25, dress: 0.2 },
  bag: { scarf: 0.15, belt: 0.15, watch: 0.1 },
  hat: { sunglasses: 0.3, scarf: 0.15 },
  scarf: { hat: 0.3 },
  belt: { trousers: 0.2 },
  sunglasses: { hat: 0.25 },
  watch: { belt: 0.2 },
  socks: {},
};

/** Kinds that this shopper takes with an item. */
export function companionsOf({ kind }, rng) {
  return Object.entries(TOGETHER[kind])
    .filter(([, probability]) => rng.chance(probability))
    .map(([companion]) => companion);
}
