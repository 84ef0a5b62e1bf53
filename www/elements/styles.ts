import { css } from "lit";

/**
 * What all elements share. Colours are mixed from the shop's own text colour, so that light and dark shops both fit;
 * every `--nearshelf-…` property can be set on the element or any ancestor.
 */
export const shared = css`
  :host {
    display: block;
    font-family: var(--nearshelf-font, inherit);
    --_muted: var(--nearshelf-muted, color-mix(in srgb, currentColor 74%, transparent));
    --_line: var(--nearshelf-border, color-mix(in srgb, currentColor 18%, transparent));
    --_fill: var(--nearshelf-fill, color-mix(in srgb, currentColor 8%, transparent));
    --_radius: var(--nearshelf-radius, 0.75rem);
    --_gap: var(--nearshelf-gap, 1rem);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  select {
    font: inherit;
    color: inherit;
    min-height: 2.25rem;
    padding: 0.25rem 0.9rem;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: 999px;
    background: transparent;
    cursor: pointer;
  }
  select {
    background: Canvas;
    color: CanvasText;
  }
  button:hover {
    background: var(--_fill);
  }
  :focus-visible {
    outline: 2px solid var(--nearshelf-focus, currentColor);
    outline-offset: 2px;
  }
`;
