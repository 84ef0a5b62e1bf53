import { css } from "lit";

/** Looks of `<nearshelf-privacy>`. */
export const privacyStyles = css`
  section {
    display: grid;
    gap: 1rem;
    max-width: 46rem;
    line-height: 1.5;
  }
  [part="heading"] {
    font-size: var(--nearshelf-heading-size, 1.35rem);
    font-weight: 650;
    line-height: 1.25;
  }
  [part="subheading"] {
    font-weight: 650;
  }
  p {
    margin: 0;
  }
  [part="promise"] {
    font-size: 1.1rem;
    font-weight: 600;
  }
  [part="explanation"],
  [part="storage"],
  time {
    color: var(--_muted);
  }
  [part="notice"] {
    padding: 0.75rem 1rem;
    border: 1px solid currentColor;
    border-radius: var(--_radius);
  }
  [part="controls"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1.25rem;
    align-items: center;
    padding: 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  label {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
    min-height: 2.25rem;
  }
  input[type="checkbox"] {
    width: 1.25rem;
    height: 1.25rem;
    accent-color: var(--nearshelf-accent, auto);
  }
  [part="confirm"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
    flex-basis: 100%;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    align-items: center;
    justify-content: space-between;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  [tabindex="-1"]:focus:not(:focus-visible) {
    outline: none;
  }
  time {
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
`;
