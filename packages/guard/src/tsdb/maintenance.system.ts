import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EPOCH, labels, openTestStore } from './testing.ts';

it('keeps the log within bounds for a writer that lets nobody run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tsdb-maintenance-'));
  const store = openTestStore({ directory });
  let largest = 0;
  for (let n = 0; n < 60; n++) {
    const appender = store.appender();
    for (let i = 0; i < 60_000; i++) appender.append(labels('a'), EPOCH - 1e9 + n * 60_000 + i, i);
    appender.commit();
    largest = Math.max(largest, store.statistics().logBytes);
  }
  expect(largest).toBeGreaterThan(16 << 20);
  expect(largest).toBeLessThan(34 << 20);
  store.close();
  rmSync(directory, { recursive: true });
});
