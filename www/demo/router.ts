/** The addresses of the shop, all in the hash so that any static server will do. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "category"; readonly path: readonly string[] }
  | { readonly page: "product"; readonly id: string }
  | { readonly page: "search"; readonly query: string }
  | { readonly page: "cart" }
  | { readonly page: "privacy" }
  | { readonly page: "chat" | "try-on"; readonly id?: string }
  | { readonly page: "lost" };

const encode = encodeURIComponent;

export const to = {
  home: "#/",
  cart: "#/cart",
  privacy: "#/privacy",
  /** With the product that it is about. */
  chat: (id?: string) => (id === undefined ? "#/chat" : `#/chat/${encode(id)}`),
  tryOn: (id?: string) => (id === undefined ? "#/try-on" : `#/try-on/${encode(id)}`),
  category: (path: readonly string[]) => `#/c/${path.map(encode).join("/")}`,
  product: (id: string) => `#/p/${encode(id)}`,
  search: (query: string) => `#/search?q=${encode(query)}`,
};

/** What a hash (`#/p/42`) asks for. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/").map(decode);
  switch (page) {
    case "":
      return { page: "home" };
    case "c":
      return { page: "category", path: rest.filter((name) => name !== "") };
    case "p":
      return rest[0] ? { page: "product", id: rest.join("/") } : { page: "lost" };
    case "search":
      return { page: "search", query: new URLSearchParams(query).get("q") ?? "" };
    case "chat":
    case "try-on":
      return rest[0] ? { page, id: rest.join("/") } : { page };
    case "cart":
    case "privacy":
      return { page };
    default:
      return { page: "lost" };
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: take it as it is.
    return text;
  }
}
