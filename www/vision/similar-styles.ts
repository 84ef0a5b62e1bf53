import { css } from "lit";

/** What `<nearshelf-similar>` has besides the lists of `<nearshelf-recommendations>`. */
export const similarStyles = css`
  [part="kinds"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-end: 1rem;
  }
  [part="photo"] {
    margin-block-end: 1rem;
  }
  [part="photo"] p {
    margin: 0 0 0.5rem;
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
