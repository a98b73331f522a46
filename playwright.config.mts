import { defineConfig } from 'playwright/test';

export default defineConfig({
  // Patience for slow machines; what is waited for comes at once on others.
  expect: { timeout: 20_000 },
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  // One at a time: of two programs that start together, now and then one never answers Playwright.
  workers: 1,
  timeout: 180_000,
  fullyParallel: false,
});
