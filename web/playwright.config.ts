import { defineConfig } from '@playwright/test';
import { launchOptions } from './test/chromium.mjs';

/** Longest wait for one condition, in milliseconds: enough for a busy machine without a graphics card. */
const longestWait = 60_000;

/** `scripts/test-page` builds the cities and runs the tests. */
export default defineConfig({
  testDir: 'test/page',
  outputDir: '../target/page/failures',
  preserveOutput: 'failures-only',
  // One server and one browser at a time: drawing without a graphics card takes all cores.
  workers: 1,
  timeout: 240_000,
  expect: { timeout: longestWait },
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  use: {
    actionTimeout: longestWait,
    navigationTimeout: longestWait,
    // No screenshots in the trace: recording them takes more time than the page.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    launchOptions,
  },
});
