import { css } from "lit";

/** Labels that are pressed like buttons, the controls in them, and what is said beside. */
export const choiceStyles = css`
  [part~="choice"],
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
  [part="hint"] {
    font-size: 0.875rem;
    color: var(--_muted);
  }
  [part~="choice"]:hover,
  [part~="button"]:hover {
    background: var(--_fill);
  }
  /* The control itself covers its label: it is what is pressed and focused. */
  [part~="choice"] input,
  [part~="swatch"] input,
  .file {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  [part~="choice"]:has(:checked) {
    background: var(--_fill);
    border-color: currentColor;
    box-shadow: inset 0 0 0 1px currentColor;
  }
  [part~="choice"]:has(:focus-visible),
  [part~="button"]:has(:focus-visible),
  [part~="swatch"]:has(:focus-visible) span {
    outline: 2px solid var(--nearshelf-focus, currentColor);
    outline-offset: 2px;
  }
`;
