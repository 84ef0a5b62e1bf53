import { expect, test } from "@playwright/test";
import { parseRoute, to } from "./router.js";

test("an empty hash is the home page", () => {
  for (const hash of ["", "#", "#/"]) expect(parseRoute(hash)).toEqual({ page: "home" });
});

test("a category's path survives slashes, spaces and Chinese", () => {
  const path = ["女装", "Shoes / Boots", "50% off?"];
  expect(parseRoute(to.category(path))).toEqual({ page: "category", path });
});

test("a product's id survives slashes and percent signs", () => {
  for (const id of ["85123A", "a/b", "100%", "#7?x=1"]) expect(parseRoute(to.product(id))).toEqual({ page: "product", id });
});

test("the chat may be about a product", () => {
  expect(parseRoute(to.chat())).toEqual({ page: "chat" });
  expect(parseRoute(to.chat("a/b"))).toEqual({ page: "chat", id: "a/b" });
  expect(parseRoute(to.tryOn("a/b"))).toEqual({ page: "try-on", id: "a/b" });
});

test("a query survives ampersands", () => {
  expect(parseRoute(to.search("black & white"))).toEqual({ page: "search", query: "black & white" });
});

test("a stray percent sign is taken as it is", () => {
  expect(parseRoute("#/p/100%")).toEqual({ page: "product", id: "100%" });
});

test("an unknown page and a product without an id are lost", () => {
  expect(parseRoute("#/nowhere")).toEqual({ page: "lost" });
  expect(parseRoute("#/p/")).toEqual({ page: "lost" });
});
