/** Unit tests that need no browser; they lie beside the code. `npm run test:unit`. */

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "{chat,client,demo,elements,history,i18n,vision,worker}/*.test.ts",
  outputDir: "../build/unit-results",
  forbidOnly: true,
  workers: 1,
  reporter: [["dot"]],
});
