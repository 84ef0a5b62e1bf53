/** The part of the Navigation API that is used; not every browser has it. */
interface NavigationLike extends EventTarget {
  readonly currentEntry: unknown;
}

/** Calls back after each navigation inside this document. Returns the way to stop. */
export function onNavigation(listener: () => void): () => void {
  const navigation = (window as { navigation?: NavigationLike }).navigation;
  const stop = new AbortController();
  const { signal } = stop;
  if (navigation) {
    const changed = (event: Event) => {
      // Replacing an entry keeps the shopper where they are.
      const { navigationType } = event as Event & { navigationType?: string | null };
      if (navigationType === "push" || navigationType === "traverse") listener();
    };
    navigation.addEventListener("currententrychange", changed, { signal });
  } else {
    window.addEventListener("popstate", listener, { signal });
  }
  return () => stop.abort();
}
