import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/**", "pkg/**", "node_modules/**"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in template strings are fine; objects aren't.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-empty-function": "off",
      // Lit binds the host of event listeners in templates itself.
      "@typescript-eslint/unbound-method": "off",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Catalogue text is never markup: use Lit templates or textContent." },
        { property: "outerHTML", message: "Catalogue text is never markup: use Lit templates or textContent." },
        { property: "insertAdjacentHTML", message: "Catalogue text is never markup." },
      ],
    },
  },
);
