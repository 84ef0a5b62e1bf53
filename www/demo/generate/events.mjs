/**
 * Simulated anonymous visits.
 *
 * A shopper comes with a mission (what for), a department, a taste, favourite colours and a price level, looks at what
 * fits, puts some of it into the cart with things that go with it, and sometimes buys. Seasons and launches move what
 * is popular over the 120 days.
 */
import { exp, ln, power } from "./exact.mjs";
import { companionsOf, MISSIONS } from "./missions.mjs";
import { FAMILIES } from "./palette.mjs";
import { Rng } from "./rng.mjs";

export const EVENT_COLUMNS = ["session", "event", "item_id", "time", "quantity"];

/** The simulation's last moment; the demo is packed as of this time. */
const END_MILLIS = Date.UTC(2026, 5, 1);
const DAYS = 120;
const DAY_MILLIS = 86_400_000;

/** How much each season's goods sell on a day: keys are days before the end. */
function seasonWeight(season, daysBefore) {
  const towardsSummer = 1 - daysBefore / DAYS;
  switch (season) {
    case "winter":
      return 0.12 + 1.3 * power(1 - towardsSummer, 1.5);
    case "autumn":
      return 0.3 + 0.5 * (1 - towardsSummer);
    case "spring":
      return 0.5 + 0.9 * exp(-((daysBefore - 55) * (daysBefore - 55)) / 1100);
    case "summer":
      return 0.2 + 1.5 * power(towardsSummer, 1.6);
    default:
      return 0.8;
  }
}

/** Products launched in the last weeks: they gather attention quickly. */
function launchWeight(launchDay, daysBefore) {
  if (launchDay === undefined) return 1;
  const age = launchDay - daysBefore;
  return age < 0 ? 0 : 0.6 + 2.2 * Math.min(1, age / 10);
}

function makeShopper(rng) {
  const department = rng.weightedKey({ women: 0.52, men: 0.33, kids: 0.15 });
  const taste = rng.weightedKey({ basic: 3, classic: 3, refined: 1.6, workwear: department === "men" ? 3 : 0.5, sporty: 2.2, romantic: department === "men" ? 0.1 : 2.4 });
  const families = new Set(rng.sample(Object.keys(FAMILIES), 3));
  return {
    department,
    taste,
    families,
    /** Logarithm of how much more than usual is paid. */
    level: (taste === "refined" ? 0.35 : taste === "basic" ? -0.25 : 0) + 0.25 * rng.normal(),
    plain: rng.chance(0.65),
    intent: rng.next(),
  };
}

/** How well an item suits a shopper, as an exponent. */
function liking(item, shopper) {
  const gap = ln(item.price / item.kindPrice) - shopper.level;
  return (
    0.55 * item.appeal +
    (item.taste === shopper.taste ? 1.5 : 0) +
    (shopper.families.has(item.family) ? 1.1 : 0) +
    ((item.pattern === "plain") === shopper.plain ? 0.4 : 0) -
    1.4 * gap * gap
  );
}

/** Indexes of items by kind and department; accessories and shared goods serve everybody but children. */
function indexItems(items) {
  const shelves = new Map();
  items.forEach((item, index) => {
    for (const department of item.department === "accessories" ? ["women", "men"] : [item.department]) {
      const key = `${department}/${item.kind}`;
      if (!shelves.has(key)) shelves.set(key, []);
      shelves.get(key).push(index);
    }
  });
  return shelves;
}

function prepare(items, rng) {
  const sums = new Map();
  for (const { kind, department, price } of items) {
    const key = `${kind}/${department === "kids"}`;
    const sum = sums.get(key) ?? { total: 0, count: 0 };
    sums.set(key, { total: sum.total + ln(price), count: sum.count + 1 });
  }
  const launches = new Map();
  return items.map((item) => {
    if (!launches.has(item.group)) launches.set(item.group, rng.chance(0.1) && item.season !== "winter" ? rng.int(6, 30) : undefined);
    const { total, count } = sums.get(`${item.kind}/${item.department === "kids"}`);
    return { ...item, kindPrice: exp(total / count), launchDay: launches.get(item.group) };
  });
}

/** The shop's day: quiet at night, busiest in the evening. */
function timeOfVisit(rng) {
  // Traffic grows a little towards the end.
  const day = Math.floor(DAYS * power(rng.next(), 1.25));
  const hour = rng.weightedIndex([2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 14, 13, 11, 11, 12, 14, 17, 20, 22, 20, 13, 6]);
  const start = END_MILLIS - (day + 1) * DAY_MILLIS + hour * 3_600_000 + rng.int(0, 3599) * 1000;
  return { daysBefore: day, start };
}

/** One visit as a list of `{ event, item, at, quantity }`. */
function visit(rng, items, shelves, shopper, daysBefore, start) {
  const missions = Object.entries(MISSIONS).filter(([, { departments }]) => departments.includes(shopper.department));
  const [, mission] = missions[rng.weightedIndex(missions.map(([, { weight, season }]) => weight * seasonWeight(season, daysBefore)))];
  const seen = new Set();
  const cart = [];
  const out = [];
  let at = start;
  const record = (event, index, quantity = 1) => {
    out.push({ event, item: items[index].id, at, quantity });
    at += (event === "view" ? rng.int(8, 150) : rng.int(3, 40)) * 1000;
  };
  /** An item of a kind that the shopper may look at next. */
  const choose = (kind, like) => {
    const shelf = shelves.get(`${shopper.department}/${kind}`);
    if (!shelf) return undefined;
    const weights = shelf.map((index) => {
      const item = items[index];
      if (seen.has(index)) return 0;
      const close = like ? (item.family === like.family ? 0.6 : 0) + (item.taste === like.taste ? 0.5 : 0) + (item.occasion === like.occasion ? 0.4 : 0) + (item.style === like.style ? 0.5 : 0) : 0;
      return exp(liking(item, shopper) + close) * seasonWeight(item.season, daysBefore) * launchWeight(item.launchDay, daysBefore);
    });
    const chosen = rng.weightedIndex(weights);
    return chosen < 0 ? undefined : shelf[chosen];
  };
  const consider = (index, eagerness) => {
    seen.add(index);
    record("view", index);
    const item = items[index];
    const wanted = 1 / (1 + exp(2.3 - 0.45 * liking(item, shopper) - eagerness - 1.2 * shopper.intent));
    if (!item.available || !rng.chance(wanted)) return false;
    record("add_to_cart", index, item.kind === "socks" ? rng.int(1, 3) : 1);
    cart.push(index);
    return true;
  };
  const looks = 2 + Math.floor(-5.5 * ln(1 - rng.next()));
  let kind = rng.weightedKey(mission.kinds);
  let last;
  for (let i = 0; i < Math.min(looks, 28); i += 1) {
    if (i > 0 && rng.chance(0.4)) kind = rng.weightedKey(mission.kinds);
    const index = choose(kind, last);
    if (index === undefined) continue;
    last = items[index];
    if (!consider(index, 0)) continue;
    // What goes with it is looked at next, and bought more readily.
    for (const companion of companionsOf(last, rng)) {
      const match = choose(companion, last);
      if (match !== undefined) consider(match, 1.1);
    }
  }
  if (cart.length > 1 && rng.chance(0.22)) record("remove", cart.splice(rng.int(0, cart.length - 1), 1)[0]);
  if (cart.length > 0 && rng.chance(0.35 + 0.4 * shopper.intent)) {
    for (const index of cart) {
      out.push({ event: "purchase", item: items[index].id, at, quantity: 1 });
    }
  }
  return out;
}

/**
 * Events in order of time, as rows of {@link EVENT_COLUMNS}.
 *
 * @param traits the items' `traits` from makeCatalogue
 */
export function makeEvents(traits, sessions, seed) {
  const rng = Rng.named(seed, "events");
  const items = prepare(traits, rng);
  const shelves = indexItems(items);
  const visits = [];
  for (let i = 0; i < sessions; i += 1) {
    const { daysBefore, start } = timeOfVisit(rng);
    visits.push(visit(rng, items, shelves, makeShopper(rng), daysBefore, start).map((event) => ({ ...event, visit: i })));
  }
  return visits
    .flat()
    .filter(({ at }) => at < END_MILLIS)
    .sort((a, b) => a.at - b.at || a.visit - b.visit)
    .map(({ event, item, at, quantity, visit: number }) => ({
      session: `s${String(number + 1).padStart(6, "0")}`,
      event,
      item_id: item,
      time: new Date(at).toISOString().replace(".000Z", "Z"),
      quantity,
    }));
}
