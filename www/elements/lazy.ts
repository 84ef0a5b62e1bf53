/**
 * Loads what an element needs as soon as one of its name is on the page, so that other pages don't pay for it.
 * Inside shadow trees it isn't seen: a page that puts it there imports the part itself.
 */
export function whenPresent(name: string, load: () => Promise<unknown>): void {
  const present = () => document.querySelector(name) !== null;
  const start = () => {
    load().catch((cause: unknown) => console.error(`nearshelf: <${name}> can't be loaded`, cause));
  };
  if (present()) {
    start();
    return;
  }
  const observer = new MutationObserver(() => {
    if (!present()) return;
    observer.disconnect();
    start();
  });
  observer.observe(document, { childList: true, subtree: true });
}
