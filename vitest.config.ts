import { defineConfig } from 'vitest/config';

/**
 * Three projects, told apart by a test file's name:
 *   x.test.ts        unit: pure and instant, no server
 *   x.pg.test.ts     database: on the embedded PostgreSQL, a database a file
 *   x.whole.test.ts  whole: processes, kills, browsers, the real data where it is there
 */
const everywhere = ['engine', 'delivery', 'demo', 'deploy', 'docker', 'docs', 'models', 'reports'];
const files = (ending: string) => everywhere.map((folder) => `${folder}/**/*.${ending}.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Pure tests share nothing that they could spoil for one another.
          isolate: false,
          // Far more than any of them takes: a busy machine is no failure.
          testTimeout: 30_000,
          pool: 'threads',
          maxWorkers: 2,
          include: files('test'),
          exclude: [...files('pg.test'), ...files('whole.test')],
          globalSetup: 'engine/node-version.mjs',
        },
      },
      {
        test: {
          name: 'database',
          include: files('pg.test'),
          globalSetup: ['engine/node-version.mjs', 'engine/warehouse/test-cluster.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'whole',
          include: files('whole.test'),
          globalSetup: ['engine/node-version.mjs', 'engine/warehouse/test-cluster.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
