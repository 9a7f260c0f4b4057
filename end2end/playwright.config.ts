// How the browser is driven. Every spec runs with JavaScript; those that are not named `*.hydrate.spec.ts`
// run without it too, because every page has to be readable before, and without, its scripts.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  globalSetup: "./harness/world.ts",
  // Two cores are shared by the program, an engine and a browser; a test that needs a second try is broken.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 45_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    // The rate at which a chart's pixels are counted, and the language and time zone of what is read.
    deviceScaleFactor: 1,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "with-javascript", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "without-javascript",
      testIgnore: "*.hydrate.spec.ts",
      use: { viewport: { width: 1440, height: 900 }, javaScriptEnabled: false },
    },
  ],
});
