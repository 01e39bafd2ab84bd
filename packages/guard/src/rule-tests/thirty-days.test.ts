import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTextFile } from '../config/index.ts';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { runRuleTestFile } from './index.ts';

it('tests a window of 30 days, with more samples than promtool loads', async () => {
  const file = join(import.meta.dirname, 'testdata/thirty-days.test.yml');
  const outcome = await runRuleTestFile(file, {
    clock: createVirtualClock(milliseconds(0)),
    readFile: readTextFile,
  });
  expect(outcome.groups).toMatchObject([{ name: 'a window of 30 days', failures: [] }]);
});
