/** The words of `<nearshelf-search>`, which pages without it don't load. */
export interface SearchMessages {
  readonly label: string;
  readonly placeholder: string;
  readonly results: (count: number) => string;
  readonly none: (query: string) => string;
  readonly narrow: string;
  readonly any: string;
  readonly facet: Readonly<Record<"brand" | "category", string>>;
}

const en: SearchMessages = {
  label: "Search this shop",
  placeholder: "What are you looking for?",
  results: (count) => (count === 1 ? "1 result" : `${count} results`),
  none: (query) => `Nothing found for “${query}”.`,
  narrow: "Narrow the results",
  any: "Any",
  facet: { brand: "Brand", category: "Category" },
};

const zhCn: SearchMessages = {
  label: "搜索本店",
  placeholder: "想找点什么？",
  results: (count) => `${count} 个结果`,
  none: (query) => `没有找到“${query}”。`,
  narrow: "筛选结果",
  any: "不限",
  facet: { brand: "品牌", category: "分类" },
};

/** The words in a language that elements speak. */
export function searchMessages(language: string): SearchMessages {
  return language === "en" ? en : zhCn;
}
