/** Colours that a garment can be given, by the keys of their names. */
export const COLOURS: Readonly<Record<string, string>> = {
  white: "#f4f3ef",
  beige: "#d9c8a9",
  brown: "#86552e",
  red: "#c81e26",
  orange: "#e8772a",
  yellow: "#f2cf3a",
  olive: "#6b6b2f",
  green: "#2f8f3f",
  teal: "#1f8a8a",
  blue: "#2f6fd0",
  navy: "#1b2547",
  purple: "#6b3fa0",
  pink: "#e88bb0",
  grey: "#808080",
  black: "#1f1f22",
};
