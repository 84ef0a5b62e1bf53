import type { Picture } from "./protocol.js";

const MIMES: readonly string[] = ["image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/avif", "image/gif"];

/**
 * What could run, load or disguise something when a shopper opens an SVG in a tab of its own, where it would be
 * a document of the shop's origin: scripts, handlers, styles, animation of links, foreign HTML, entities, character
 * references, links to anything but the drawing's own parts. The packer reads the same rules (`pack/svg.rs`).
 */
const ACTIVE_SVG =
  /<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|handler|listener|style|set|animate)|[\s"'/]on[\w-]+\s*=|<!(?:doctype|entity)|&#|j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:|<\?xml-stylesheet|\0|(?:href|src)\s*=\s*(?!["']\s*#)|url\(\s*(?!["']?#|&quot;#)|(?:image(?:-set)?|src)\(|\\[^]*\(/i;

/** A picture that is safe to show, or `undefined`: unknown types and active SVG are left out, not cleaned. */
export function safePicture(image: { mime: string; bytes: Uint8Array } | undefined): Picture | undefined {
  if (!image || !MIMES.includes(image.mime)) return undefined;
  if (image.mime === "image/svg+xml" && !isStillSvg(image.bytes)) return undefined;
  return { mime: image.mime, bytes: image.bytes.slice() };
}

function isStillSvg(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)/i.exec(text)?.[1];
    return (declared === undefined || declared.toLowerCase() === "utf-8") && !ACTIVE_SVG.test(text);
  } catch {
    return false;
  }
}
