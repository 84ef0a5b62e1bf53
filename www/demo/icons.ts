import { h, svg } from "./dom.js";

const SHAPES = {
  search: ["M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z", "m15.5 15.5 5 5"],
  cart: ["M5 8h14l1 12.5H4L5 8Z", "M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5"],
  lock: ["M5.5 11h13v9.5h-13z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"],
  bolt: ["M13 3 5.5 13.5H11L10 21l8-11h-5.5L13 3Z"],
  chat: ["M4 5h16v11H10.5L6 20v-4H4V5Z", "M8 9.5h8M8 12.5h5"],
  mirror: ["M7 3.5h10v14H7z", "M12 17.5v3M8.5 20.5h7", "M9.5 9.5 12 7"],
  hand: ["M4 12.5 9 17.5 20 6.5"],
} as const;

export type IconName = keyof typeof SHAPES;

/** A line icon; decoration only, so the control around it needs a name. */
export function icon(name: IconName): SVGElement {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    SHAPES[name].map((d) => svg("path", { d })),
  );
}

/** The shop's mark: a hanger. */
export function mark(): HTMLElement {
  return h(
    "span",
    { class: "mark" },
    svg(
      "svg",
      { viewBox: "0 0 32 32", "aria-hidden": "true" },
      svg("path", { d: "M12.8 9.6a3.2 3.2 0 1 1 4.4 3c-.8.3-1.2.8-1.2 1.6v.7l9.3 6.3a2 2 0 0 1-1.1 3.6H7.8a2 2 0 0 1-1.1-3.6L16 14.9" }),
    ),
  );
}
