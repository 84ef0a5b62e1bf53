import { css } from "lit";

/** What `<nearshelf-similar>` has besides the lists of `<nearshelf-recommendations>`. */
export const similarStyles = css`
  [part="kinds"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-end: 1rem;
  }
  [part="choice"],
  [part~="button"] {
    position: relative;
    display: inline-flex;
    align-items: center;
    min-height: 2.25rem;
    padding: 0.25rem 0.9rem;
    border: 1px solid color-mix(in srgb, currentColor 40%, transparent);
    border-radius: 999px;
    font-size: 0.9rem;
    cursor: pointer;
  }
  [part="choice"]:hover,
  [part~="button"]:hover {
    background: var(--_fill);
  }
  /* The control itself covers its label: it is what is pressed and focused. */
  label > input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  [part="choice"]:has(:checked) {
    background: var(--_fill);
    border-color: currentColor;
    box-shadow: inset 0 0 0 1px currentColor;
  }
  label:has(:focus-visible) {
    outline: 2px solid var(--nearshelf-focus, currentColor);
    outline-offset: 2px;
  }
  [part="photo"] {
    margin-block-end: 1rem;
  }
  [part="photo"] p {
    margin: 0 0 0.5rem;
  }
  [part="hint"] {
    font-size: 0.875rem;
    color: var(--_muted);
  }
  [part="seen"] {
    display: flex;
    gap: 0.75rem;
    align-items: center;
    font-weight: 600;
  }
  [part="thumbnail"] {
    width: 4rem;
    height: 5rem;
    object-fit: contain;
    border-radius: calc(var(--_radius) / 2);
    background: var(--_fill);
  }
  [part="subheading"] {
    margin-block: 1rem 0.6rem;
    font-weight: 600;
  }
`;
