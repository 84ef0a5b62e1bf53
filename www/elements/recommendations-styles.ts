import { css } from "lit";

/** Looks of `<nearshelf-recommendations>`. Cards have one size in every state, so nothing jumps. */
export const recommendationsStyles = css`
  :host {
    --_card: var(--nearshelf-card-width, 11.5rem);
    --_line-height: 1.35;
    contain: inline-size;
  }
  [part="heading"] {
    margin: 0 0 0.75rem;
    font-size: var(--nearshelf-heading-size, 1.25rem);
    font-weight: 650;
    line-height: 1.25;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul.row {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: var(--_card);
    gap: var(--_gap);
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scroll-snap-type: x proximity;
    scroll-padding-inline: 4px;
    scrollbar-width: thin;
    padding: 4px 4px 0.75rem;
    margin: -4px;
  }
  ul.grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(var(--_card), 45%), 1fr));
    gap: var(--_gap);
  }
  li {
    position: relative;
    min-width: 0;
    scroll-snap-align: start;
  }
  [part~="link"] {
    display: block;
    width: 100%;
    padding: 0;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    color: inherit;
    text-align: start;
    text-decoration: none;
  }
  [part~="link"]:hover {
    background: none;
  }
  [part~="link"]:hover [part="title"] {
    text-decoration: underline;
  }
  [part="frame"] {
    display: grid;
    place-items: center;
    aspect-ratio: var(--nearshelf-image-ratio, 4 / 5);
    overflow: hidden;
    border-radius: var(--_radius);
    background: var(--_fill);
  }
  [part="image"] {
    width: 100%;
    height: 100%;
    object-fit: var(--nearshelf-image-fit, cover);
  }
  [part="placeholder"] {
    font-size: 2rem;
    color: var(--_muted);
  }
  [part="placeholder"]::before {
    content: attr(data-initial) / "";
  }
  [part="title"],
  [part="reason"] {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    line-height: var(--_line-height);
    height: calc(2em * var(--_line-height));
  }
  [part="title"] {
    margin-top: 0.5rem;
    font-size: 0.95rem;
  }
  [part="price"] {
    display: flex;
    flex-wrap: nowrap;
    gap: 0.5ch;
    align-items: baseline;
    height: calc(1em * var(--_line-height));
    line-height: var(--_line-height);
    margin-top: 0.2rem;
    overflow: hidden;
    white-space: nowrap;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  [part="regular-price"] {
    font-weight: 400;
    color: var(--_muted);
  }
  [part="sale-price"] {
    color: var(--nearshelf-sale, inherit);
  }
  [part="availability"] {
    font-weight: 400;
    color: var(--_muted);
  }
  [part="reason"] {
    margin: 0.25rem 0 0;
    font-size: 0.8rem;
    color: var(--_muted);
  }
  [part="not-interested"] {
    position: absolute;
    inset-block-start: 0.4rem;
    inset-inline-end: 0.4rem;
    width: 2rem;
    min-height: 2rem;
    height: 2rem;
    padding: 0;
    border: 1px solid color-mix(in srgb, CanvasText 30%, transparent);
    background: Canvas;
    color: CanvasText;
    font-size: 1rem;
    line-height: 1;
    opacity: 0.92;
  }
  .gone [part="frame"],
  .gone [part="title"],
  .gone [part="price"],
  .gone [part="reason"] {
    visibility: hidden;
  }
  [part="undo-panel"] {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
    align-items: center;
    justify-content: center;
    padding: 0.75rem;
    text-align: center;
    font-size: 0.9rem;
    border: 1px dashed var(--_line);
    border-radius: var(--_radius);
  }
  [part="message"] {
    margin: 0;
    padding: 1.25rem;
    border: 1px dashed var(--_line);
    border-radius: var(--_radius);
    color: var(--_muted);
  }
  [part="message"] button {
    color: inherit;
    margin-inline-start: 0.75rem;
  }
  .skeleton [part="frame"],
  .skeleton span.bar {
    background: var(--_fill);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .skeleton span.bar {
    display: block;
    width: 80%;
    height: 0.9em;
    border-radius: 0.4em;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton [part="frame"],
    .skeleton span.bar {
      animation: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    ul.row {
      scroll-behavior: smooth;
    }
  }
`;
