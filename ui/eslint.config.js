import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

/** Model output is hostile: nothing may turn a string into markup. */
const noMarkup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((name) => ({
  selector: `MemberExpression[property.name='${name}']`,
  message: "Text is hostile: build elements from the whitelist in src/text/tree.ts.",
}));

export default ts.config(
  { ignores: ["dist", "node_modules", "src/bindings"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", "svelte.config.js"] },
        extraFileExtensions: [".svelte"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-restricted-syntax": ["error", ...noMarkup],
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/backend.ts speaks to Rust." }] },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "svelte/no-at-html-tags": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // The linter sees a component's props as `any`; svelte-check knows their types and is strict.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Maps that no screen reads are plain on purpose.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  { files: ["src/backend.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["*.config.js"], ...ts.configs.disableTypeChecked },
);
