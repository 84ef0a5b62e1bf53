import { expect, test } from "@playwright/test";
import { linkedPicture } from "./pictures.js";

const PAGE = "https://shop.example/summer/hats.html";

for (const [image, address] of [
  ["https://cdn.example/1.jpg", "https://cdn.example/1.jpg"],
  ["/images/1.jpg", "https://shop.example/images/1.jpg"],
  ["images/1.jpg", undefined],
  ["//cdn.example/1.jpg", "https://cdn.example/1.jpg"],
  ["", undefined],
  ["javascript:alert(1)", undefined],
  ["data:image/svg+xml,<svg/>", undefined],
  ["http://[", undefined],
] as const) {
  test(`the picture "${image}" is ${address ?? "left out"}`, () => {
    expect(linkedPicture(image, PAGE)).toBe(address);
  });
}
