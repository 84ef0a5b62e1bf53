/** The product in real Chromium. `npm --prefix www run test:browser`, after `./build.sh demo` has built the demo. */

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../build/browser-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // On a busy machine a browser now and then misses a moment. What fails twice is broken; what fails once is listed as flaky.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
