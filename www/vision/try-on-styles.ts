import { css } from "lit";

/** Looks of `<nearshelf-try-on>`; colours and lines are the shared ones. */
export const tryOnStyles = css`
  :host {
    container-type: inline-size;
    --_accent: var(--nearshelf-accent, currentColor);
  }
  [part="heading"] {
    font-size: var(--nearshelf-heading-size, 1.25rem);
    font-weight: 650;
    line-height: 1.25;
  }
  [part="private"],
  [part="limits"] {
    font-size: 0.875rem;
    color: var(--_muted);
  }
  [part="private"],
  [part="hint"],
  [part="limits"] {
    margin: 0.35rem 0 0;
  }
  [part="limits"] {
    margin-block-start: 0.75rem;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_line);
  }
  [part="message"] {
    position: sticky;
    inset-block-start: var(--nearshelf-try-on-top, 0.5rem);
    z-index: 2;
    margin: 0.75rem 0 0;
    padding: 0.6rem 0.9rem;
    border-radius: calc(var(--_radius) / 1.5);
  }
  /* What is said over pictures. */
  [part="message"],
  [part="busy"],
  [part="camera-on"],
  .shutter {
    background: rgb(20 20 24 / 85%);
    color: #fff;
  }
  [part="busy"],
  [part="camera-on"],
  .shutter {
    font-size: 0.875rem;
  }
  [part="message"]:empty {
    display: none;
  }
  .room {
    --_top: var(--nearshelf-try-on-top, 0px);
    --_height: var(--nearshelf-try-on-height, 50svh);
    display: flex;
    flex-direction: column;
    gap: 0.75rem clamp(1rem, 4cqi, 2.5rem);
    margin-block-start: 1.5rem;
  }
  .seen {
    display: contents;
  }
  [part="stage"] {
    position: sticky;
    inset-block-start: var(--_top);
    z-index: 1;
    width: min(100%, var(--_height) * var(--_aspect));
    margin-inline: auto;
    border-radius: var(--_radius);
    background: var(--_fill);
  }
  /* The ground of the stage is as wide as the room: controls are scrolled away behind it. */
  [part="stage"]::before {
    content: "";
    position: absolute;
    inset: -0.75rem calc(50% - 50cqi);
    border-radius: inherit;
    background: linear-gradient(var(--_fill), var(--_fill)), var(--nearshelf-surface, Canvas);
  }
  @container (width < 34rem) {
    /* Whoever takes a picture needs nothing else meanwhile. */
    .room:has([part="camera"]) {
      --_height: var(--nearshelf-try-on-height, 75svh);
    }
    [part="stage"] {
      margin-block-end: 0.75rem;
    }
    /* What takes the focus must not end up behind the stage. */
    [part="compare"] *,
    [part="tools"] *,
    [part="panels"] * {
      scroll-margin-block-start: calc(var(--_top) + var(--_height) + 1.5rem);
    }
    /* Where so little is seen at once, as when enlarged to 400 %, it would leave no room for them. */
    @media (height < 30rem) {
      [part="stage"] {
        position: relative;
        inset-block-start: 0;
      }
      .room * {
        scroll-margin-block-start: 0;
      }
    }
  }
  @container (width >= 34rem) {
    .room {
      --_top: var(--nearshelf-try-on-top, 1rem);
      --_height: var(--nearshelf-try-on-height, min(40rem, 100svh - var(--_top) - 1rem));
      display: grid;
      grid-template-columns: minmax(0, 5fr) minmax(17rem, 6fr);
      align-items: start;
    }
    /* Beside it are its tools and the panels. */
    [part="stage"] {
      grid-row: 1 / span 4;
    }
    [part="stage"]::before {
      content: none;
    }
    @media (height >= 36rem) {
      .room {
        --_height: var(--nearshelf-try-on-height, min(40rem, 100svh - var(--_top) - 7rem));
      }
      .seen {
        display: grid;
        gap: inherit;
        position: sticky;
        inset-block-start: var(--_top);
      }
      [part="stage"] {
        position: relative;
        inset-block-start: 0;
        grid-row: auto;
      }
    }
  }
  canvas,
  [part="camera"],
  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: inherit;
  }
  [part="divider"] {
    position: absolute;
    inset-block: 0;
    width: 2px;
    margin-inline-start: -1px;
    background: #fff;
    box-shadow: 0 0 0 1px rgb(0 0 0 / 45%);
    pointer-events: none;
  }
  [part="busy"] {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline-start: 50%;
    margin: 0;
    padding: 0.25rem 0.9rem;
    translate: -50%;
    border-radius: 999px;
    white-space: nowrap;
    pointer-events: none;
  }
  [part="handles"] {
    position: absolute;
    inset: 0;
    direction: ltr;
  }
  [part="handle"] {
    position: absolute;
    width: 28px;
    height: 28px;
    min-height: 0;
    padding: 0;
    translate: -50% -50%;
    border: 0;
    border-radius: 50%;
    background: radial-gradient(circle, #fff 0 5px, #1c1c22 5px 7px, transparent 7px);
    touch-action: none;
    cursor: grab;
  }
  [part="handle"].estimated {
    background: radial-gradient(circle, #1c1c22 0 4px, #fff 4px 7px, #1c1c22 7px 8px, transparent 8px);
  }
  [part="handle"].whole {
    width: 40px;
    height: 40px;
    background:
      linear-gradient(#fff, #fff) center / 16px 2px no-repeat,
      linear-gradient(#fff, #fff) center / 2px 16px no-repeat,
      radial-gradient(circle, rgb(28 28 34 / 82%) 0 14px, #fff 14px 15.5px, transparent 15.5px);
  }
  [part="handle"]:hover {
    background-color: rgb(255 255 255 / 35%);
  }
  [part="handle"]:active {
    cursor: grabbing;
  }
  [part="handle"]:focus-visible {
    outline: 3px solid #fff;
    outline-offset: 0;
    box-shadow: 0 0 0 6px #1b5fd1;
  }
  [part="camera"] {
    overflow: hidden;
    background: #101014;
  }
  video {
    object-fit: contain;
    scale: -1 1;
  }
  [part="camera-on"] {
    position: absolute;
    inset-block-start: 0.75rem;
    inset-inline-start: 0.75rem;
    display: flex;
    gap: 0.5rem;
    align-items: center;
    margin: 0;
    padding: 0.2rem 0.8rem;
    border-radius: 999px;
  }
  [part="camera-on"] span {
    width: 0.7rem;
    height: 0.7rem;
    border-radius: 50%;
    background: #ff4d4d;
    animation: pulse 1.2s ease-in-out infinite alternate;
  }
  @keyframes pulse {
    to {
      opacity: 0.35;
    }
  }
  .shutter {
    position: absolute;
    inset-block-end: 0;
    inset-inline: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: center;
    padding: 0.5rem;
    text-align: center;
  }
  .shutter p {
    flex-basis: 100%;
    margin: 0;
    font-size: 0.8rem;
    line-height: 1.3;
  }
  .shutter button:hover {
    background: rgb(255 255 255 / 18%);
  }
  [part="compare"] {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.75rem;
    align-items: center;
    font-size: 0.875rem;
  }
  input[type="range"] {
    width: 100%;
    min-height: 1.75rem;
    margin: 0;
    accent-color: var(--_accent);
  }
  [part="tools"],
  .choices,
  [part~="take-away"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  .choices {
    margin-block-start: 0.5rem;
  }
  button {
    font-size: 0.9rem;
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  button[aria-pressed="true"] {
    background: var(--_fill);
    border-color: currentColor;
    box-shadow: inset 0 0 0 1px currentColor;
  }
  [part="panels"] {
    display: grid;
    gap: 1.1rem;
    min-width: 0;
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend,
  summary,
  .label {
    padding: 0;
    margin: 0;
    font-weight: 600;
  }
  .label {
    margin-block-start: 0.75rem;
    font-size: 0.9rem;
  }
  summary {
    cursor: pointer;
  }
  fieldset p,
  details p {
    margin: 0.5rem 0 0;
  }
  [part~="swatch"] {
    position: relative;
    display: inline-grid;
    width: 2rem;
    height: 2rem;
  }
  [part~="swatch"] span {
    margin: 3px;
    border: 1px solid color-mix(in srgb, currentColor 30%, transparent);
    border-radius: 50%;
  }
  [part~="swatch"]:has(:checked) span {
    margin: 1px;
    box-shadow:
      inset 0 0 0 2px Canvas,
      0 0 0 2px currentColor;
  }
  [part="piece"] {
    display: inline-flex;
    max-width: 100%;
  }
  [part="piece"] [part~="choice"] {
    min-width: 0;
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  [part="piece"] [part~="choice"] span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  [part="take-off"] {
    flex: none;
    padding-inline: 0.7rem;
    border-inline-start: 0;
    border-start-start-radius: 0;
    border-end-start-radius: 0;
    border-color: color-mix(in srgb, currentColor 40%, transparent);
  }
  [part="as"],
  [part="tuck"],
  [part="own-colour"],
  [part="keep"] {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
    margin-block-start: 0.5rem;
    margin-inline-end: 1rem;
    font-size: 0.9rem;
  }
  [part="own-colour"] {
    margin: 0;
  }
  [part="own-colour"].chosen {
    font-weight: 600;
  }
  input[type="checkbox"] {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0;
    accent-color: var(--_accent);
  }
  input[type="color"] {
    width: 2rem;
    height: 2rem;
    padding: 0;
    border: 1px solid color-mix(in srgb, currentColor 40%, transparent);
    border-radius: 0.5rem;
    background: none;
    cursor: pointer;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(11rem, 100%), 1fr));
    gap: 0.6rem 1rem;
    margin-block-start: 0.75rem;
  }
  .fields label {
    display: grid;
    gap: 0.2rem;
    font-size: 0.9rem;
  }
  input[type="number"] {
    width: 100%;
    min-height: 2.25rem;
    padding: 0.25rem 0.6rem;
    font: inherit;
    color: inherit;
    background: transparent;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: 0.5rem;
  }
  details button {
    margin-block-start: 0.5rem;
  }
  [part="advice"] ul {
    margin: 0.35rem 0 0;
    padding-inline-start: 1.25rem;
  }
  [part="advised"] {
    font-size: 1.15rem;
    font-weight: 650;
  }
  [part="suggestions"] {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 4.5rem;
    gap: 0.5rem;
    margin: 0.35rem 0 0;
    padding: 4px;
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
    list-style: none;
  }
  [part="suggestion"] {
    width: 100%;
    height: 100%;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) / 1.5);
    font-size: 0.75rem;
  }
  [part="suggestion"] img {
    display: block;
    width: 100%;
    aspect-ratio: 4 / 5;
    object-fit: cover;
  }
  [part~="take-away"] {
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--_line);
  }
  [part="start-over"] {
    margin-inline-start: auto;
    border-color: transparent;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  @media (prefers-reduced-motion: reduce) {
    [part="camera-on"] span {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    [part~="choice"]:has(:checked),
    [part~="swatch"]:has(:checked) span {
      outline: 2px solid Highlight;
    }
    [part~="swatch"] span,
    [part="handle"] {
      forced-color-adjust: none;
    }
  }
`;
