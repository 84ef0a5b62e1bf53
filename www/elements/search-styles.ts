import { css } from "lit";

/** Looks of `<nearshelf-search>`. */
export const searchStyles = css`
  [role="search"] {
    position: relative;
  }
  [part="label"] {
    display: block;
    margin-block-end: 0.35rem;
    font-weight: 600;
  }
  [part="input"] {
    width: 100%;
    min-height: 2.75rem;
    padding: 0.4rem 1rem;
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: var(--_radius);
  }
  [part="panel"] {
    position: absolute;
    z-index: 10;
    inset-inline: 0;
    margin-block-start: 0.35rem;
    max-height: min(32rem, 70vh);
    overflow: auto;
    background: var(--nearshelf-surface, Canvas);
    color: var(--nearshelf-on-surface, CanvasText);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: 0 0.5rem 1.5rem rgb(0 0 0 / 18%);
  }
  [part="panel"][hidden] {
    display: none;
  }
  [part="list"] {
    margin: 0;
    padding: 0.35rem;
    list-style: none;
  }
  [part="option"] {
    display: grid;
    grid-template-columns: 2.5rem 1fr auto;
    gap: 0.75rem;
    align-items: center;
    padding: 0.35rem 0.6rem;
    border-radius: calc(var(--_radius) - 0.25rem);
    cursor: pointer;
  }
  [part="option"]:hover {
    background: var(--_fill);
  }
  [part="option"][aria-selected="true"] {
    outline: 2px solid var(--nearshelf-focus, currentColor);
    outline-offset: -2px;
    background: var(--_fill);
  }
  [part="image"],
  [part="placeholder"] {
    width: 2.5rem;
    height: 2.5rem;
    object-fit: cover;
    border-radius: 0.4rem;
  }
  [part="placeholder"] {
    display: grid;
    place-items: center;
    background: var(--_fill);
  }
  [part="placeholder"]::before {
    content: attr(data-initial);
    font-weight: 650;
  }
  [part="title"] {
    overflow-wrap: anywhere;
  }
  [part="facets"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem 1rem;
    padding: 0.75rem;
    border-block-start: 1px solid var(--_line);
  }
  [part="facet"] {
    display: grid;
    gap: 0.2rem;
    font-size: 0.9rem;
    max-width: 100%;
  }
  [part="facet"] select {
    max-width: 14rem;
  }
  [part="message"] {
    margin: 0;
    padding: 0.75rem;
  }
`;
