import type { Item, SizeChart } from "nearshelf";
import { sizesOf } from "./catalogue.js";

/** Body lengths in centimetres, from the smallest size on: the invented shop's own. */
const CHARTS: readonly SizeChart[] = [
  chart(["XS", "S", "M", "L", "XL"], { chest: [78, 84, 90, 96, 103, 111], waist: [60, 66, 72, 78, 85, 93], hip: [86, 92, 98, 104, 111, 119] }),
  chart(["S", "M", "L", "XL", "XXL"], { chest: [88, 95, 102, 109, 117, 126], waist: [74, 81, 88, 95, 104, 114] }),
  chart(["UK 6", "UK 8", "UK 10", "UK 12", "UK 14", "UK 16"], {
    chest: [77, 81, 85, 90, 95, 100, 106], waist: [59, 63, 67, 72, 77, 82, 88], hip: [85, 89, 93, 98, 103, 108, 114],
  }),
  chart(["W28", "W30", "W32", "W34", "W36"], { waist: [70, 75, 80, 85, 90, 95], hip: [86, 91, 96, 101, 106, 111] }),
];

/** The chart of an item's sizes; none for what is not worn on a grown-up's body. */
export function chartOf(item: Item): SizeChart | undefined {
  const sizes = sizesOf(item).join();
  return CHARTS.find((chart) => chart.sizes.map(({ size }) => size).join() === sizes);
}

/** `bounds` lie between neighbouring sizes, one more than there are. */
function chart(sizes: readonly string[], bounds: Partial<Record<"chest" | "waist" | "hip", readonly number[]>>): SizeChart {
  const rangeOf = (number: number) => Object.fromEntries(Object.entries(bounds).map(([measure, at]) => [measure, [at[number] ?? 0, at[number + 1] ?? 0]]));
  return { unit: "cm", sizes: sizes.map((size, number) => ({ size, ...rangeOf(number) })) };
}
