import { defineConfig } from 'vitest/config';

// As Node itself resolves, but our own packages from source; not 'module', which is for bundlers.
const conditions = ['yike-source', 'node', 'module-sync', 'development|production'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
} as const;

/**
 * Three sizes of tests: pure and quick (`unit`), on real parts (`integration`: PostgreSQL, S3, mediasoup, ffmpeg),
 * and a person's way through the running product in a real Chromium (`journeys`).
 */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{contracts,storage,media,api,portal,scripts,bench,deploy}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/node_modules/**', '**/dist/**', '**/build/**'],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{storage,media,api,scripts,deploy}/**/*.int.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // They mostly wait: for timers, for media in real time. Each file has its own database, ports and folders.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // How long something may take to become true on a busy machine; what must be quick says so itself.
          expect: { poll: { timeout: 5_000 } },
        },
      },
      {
        ...shared,
        test: {
          name: 'journeys',
          include: ['e2e/**/*.e2e.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
