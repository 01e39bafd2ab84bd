import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs Node alone; `system` adds the browser, crash loops and the live story and is run
 * by `npm run test:system`. File names tell them apart: `*.test.ts` and `*.system.ts`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/**/src/**/*.test.ts',
            'services/**/*.test.ts',
            'test/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          testTimeout: 20_000,
          // A process a file: V8 13.6 has ended whole runs of threads, in its book-keeping of compiled code.
          pool: 'forks',
        },
      },
      {
        test: {
          name: 'system',
          include: ['packages/**/src/**/*.system.ts', 'services/**/*.system.ts', 'test/**/*.system.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // All stacks of the swap matrix side by side.
          maxConcurrency: 6,
          pool: 'forks',
        },
      },
    ],
  },
});
