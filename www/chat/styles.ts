import { css } from "lit";

/** The chat's own; colours and lines are the shared ones. */
export const chatStyles = css`
  :host {
    display: block;
    min-height: 20rem;
    height: 32rem;
  }
  section {
    display: flex;
    flex-direction: column;
    height: 100%;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: hidden;
  }
  header,
  footer {
    padding: 0.75rem var(--_gap);
    border-block-end: 1px solid var(--_line);
  }
  footer {
    border-block: 1px solid var(--_line) 0;
  }
  [part="heading"] {
    font-weight: 600;
  }
  [part="status"] {
    margin: 0.25rem 0 0;
    font-size: 0.85em;
    color: var(--_muted);
  }
  [part="log"] {
    flex: 1;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: var(--_gap);
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
  }
  [part~="turn"] {
    max-width: 92%;
    overflow-wrap: anywhere;
  }
  [part~="shopper"] {
    align-self: flex-end;
    background: var(--_fill);
    border-radius: var(--_radius);
    padding: 0.5rem 0.8rem;
    white-space: pre-line;
  }
  [part="text"] {
    margin: 0 0 0.25rem;
    white-space: pre-line;
  }
  [part="note"] {
    margin: 0;
    font-size: 0.85em;
    color: var(--_muted);
  }
  ul {
    list-style: none;
    margin: 0.25rem 0;
    padding: 0;
  }
  ul.cards {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 9rem;
    gap: 0.75rem;
    overflow-x: auto;
    scroll-snap-type: x proximity;
    padding: 2px;
  }
  [part="card"] {
    position: relative;
    scroll-snap-align: start;
  }
  [part="link"] {
    display: flex;
    flex-direction: column;
    gap: 0.2rem;
    width: 100%;
    min-height: 0;
    padding: 0;
    border: 0;
    border-radius: calc(var(--_radius) / 2);
    text-align: start;
    text-decoration: none;
    color: inherit;
  }
  [part="frame"] {
    display: grid;
    place-items: center;
    aspect-ratio: 1;
    background: var(--_fill);
    border-radius: calc(var(--_radius) / 2);
    overflow: hidden;
  }
  [part="image"] {
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  [part="placeholder"]::before {
    content: attr(data-initial);
    font-size: 2rem;
    color: var(--_muted);
  }
  [part="title"] {
    font-size: 0.9em;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  [part="price"] {
    font-size: 0.9em;
    font-weight: 600;
  }
  .replies {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  details {
    font-size: 0.85em;
    color: var(--_muted);
  }
  summary {
    cursor: pointer;
  }
  form {
    display: flex;
    gap: 0.5rem;
    align-items: end;
  }
  textarea {
    flex: 1;
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: calc(var(--_radius) / 2);
    padding: 0.4rem 0.6rem;
    resize: none;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    margin-block-start: 0.5rem;
    font-size: 0.85em;
  }
  @media (prefers-reduced-motion: no-preference) {
    [part="log"] {
      scroll-behavior: smooth;
    }
  }
`;
