/** The words of `<nearshelf-search>`, which pages without it don't load. */
export interface SearchMessages {
  readonly label: string;
  readonly placeholder: string;
  readonly results: (count: number) => string;
  readonly none: (query: string) => string;
  /** Above results that lack these words of the query. */
  readonly without: (words: readonly string[]) => string;
  readonly narrow: string;
  readonly any: string;
  readonly facet: Readonly<Record<"brand" | "category", string>>;
}

const en: SearchMessages = {
  label: "Search this shop",
  placeholder: "What are you looking for?",
  results: (count) => (count === 1 ? "1 result" : `${count} results`),
  none: (query) => `Nothing found for “${query}”.`,
  without: (words) => `Nothing here is ${quoted(words, "“", "”", " or ")}. The closest instead:`,
  narrow: "Narrow the results",
  any: "Any",
  facet: { brand: "Brand", category: "Category" },
};

const zhCn: SearchMessages = {
  label: "搜索本店",
  placeholder: "想找点什么？",
  results: (count) => `${count} 个结果`,
  none: (query) => `没有找到“${query}”。`,
  without: (words) => `没有${quoted(words, "“", "”", "或")}的商品，以下是最接近的：`,
  narrow: "筛选结果",
  any: "不限",
  facet: { brand: "品牌", category: "分类" },
};

function quoted(words: readonly string[], open: string, close: string, or: string): string {
  return words.map((word) => open + word + close).join(or);
}

/** The words in a language that elements speak. */
export function searchMessages(language: string): SearchMessages {
  return language === "en" ? en : zhCn;
}
