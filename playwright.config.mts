import { defineConfig } from 'playwright/test';

export default defineConfig({
  // Patience for slow machines; what is waited for comes at once on others.
  expect: { timeout: 20_000 },
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  // A window waits for most of its time: two at a time end in little more than half of it. Each has its own folder for its data.
  workers: 2,
  timeout: 180_000,
  fullyParallel: false,
});
