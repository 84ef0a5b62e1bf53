import { expect, test } from "@playwright/test";
import { safePicture } from "./picture.js";

const svg = (inside: string) => ({
  mime: "image/svg+xml",
  bytes: new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`),
});

test("a drawing passes", () => {
  expect(safePicture(svg('<path d="M0 0" fill="url(#on)"/><use href="#a"/><rect style="fill: url(&quot;#a&quot;)"/><title>Salon on="x"</title>'))?.mime).toBe("image/svg+xml");
});

for (const [what, inside] of [
  ["a script", "<script>alert(1)</script>"],
  ["a script under a prefix", "<s:script/>"],
  ["a handler", '<path onload="alert(1)"/>'],
  ["a handler after a slash", "<path/onload=alert(1)>"],
  ["foreign HTML", "<foreignObject><p/></foreignObject>"],
  ["a script link", '<a href=" java\nscript:alert(1)"/>'],
  ["a character reference", '<a href="&#106;avascript:alert(1)"/>'],
  ["a picture from elsewhere", '<image xlink:href="https://example.com/a.png"/>'],
  ["a fill from elsewhere", '<rect fill="url( https://example.com/#a)"/>'],
  ["a style sheet", "<style>@import 'https://example.com/a.css'</style>"],
  ["a link that is set", '<set attributeName="href" to="x"/>'],
  ["a link that is animated", '<animate attributeName="href" to="x"/>'],
  ["a set of pictures", '<rect style="mask: image-set(\'https://example.com/a.png\' 1x)"/>'],
  ["letters by number", '<rect fill="\\75rl(https://example.com/#a)"/>'],
  ["an entity", '<!DOCTYPE svg [<!ENTITY a "b">]>'],
] as const) {
  test(`a drawing with ${what} is left out`, () => {
    expect(safePicture(svg(inside))).toBeUndefined();
  });
}

test("a drawing in another encoding is left out", () => {
  const utf16 = Uint8Array.from("<svg/>".split("").flatMap((letter) => [letter.charCodeAt(0), 0]));
  expect(safePicture({ mime: "image/svg+xml", bytes: utf16 })).toBeUndefined();
  const declared = new TextEncoder().encode('<?xml version="1.0" encoding="utf-7"?><svg/>');
  expect(safePicture({ mime: "image/svg+xml", bytes: declared })).toBeUndefined();
});

test("only pictures pass", () => {
  expect(safePicture({ mime: "text/html", bytes: new Uint8Array(4) })).toBeUndefined();
  expect(safePicture(undefined)).toBeUndefined();
  expect(safePicture({ mime: "image/png", bytes: new Uint8Array(4) })?.bytes.length).toBe(4);
});
