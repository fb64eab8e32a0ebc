import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  // Relative, so that the page works from any root the window serves it at.
  base: "./",
  plugins: [svelte()],
  resolve: {
    alias: {
      // The package's browser build asks the DOM, through innerHTML, what an entity means; a worker
      // has no DOM, and hostile text has no business there.
      "decode-named-character-reference": fileURLToPath(
        new URL("node_modules/decode-named-character-reference/index.js", import.meta.url),
      ),
    },
    ...(mode === "test" ? { conditions: ["browser"] } : {}),
  },
  build: {
    target: "safari16.4",
    // The content security policy allows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  worker: { format: "es" },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts"],
    testTimeout: 30_000,
  },
}));
