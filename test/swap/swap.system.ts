import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DrillRun, drillByUrls } from '../story/drill.ts';
import { SWAPS } from './matrix.ts';
import { tableIn, tableOf } from './table.ts';
import { withStack } from './with-stack.ts';

const CONFORMANCE = join(import.meta.dirname, '../../docs/conformance.md');
const runs = new Map<string, DrillRun['report']>();

/** The same drill on the same artefacts, all side by side to save time. */
describe.concurrent('the drill of the article, with parts replaced by the real ones:', () => {
  it.each(SWAPS)('$name', { timeout: 600_000 }, async ({ name }) => {
    await withStack(name, async ({ ports }) => {
      const { report, output } = await drillByUrls(ports, 'article');
      expect(report.failures, output).toEqual([]);
      expect(report.passed).toBe(true);
      runs.set(name, report);
    });
  });
});

afterAll(() => {
  const table = tableOf(SWAPS, runs);
  console.log(table);
  if (process.env.WRITE_CONFORMANCE === '1' && runs.size === SWAPS.length) {
    writeFileSync(CONFORMANCE, tableIn(readFileSync(CONFORMANCE, 'utf8'), table));
  }
});
