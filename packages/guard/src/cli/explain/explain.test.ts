import { describe, expect, test } from 'vitest';
import { explainSlo } from '../../slo/index.ts';
import { sloOf } from '../../slo/slo.testing.ts';
import { humanDuration } from '../human-duration.ts';
import { renderJson, renderMarkdown, renderTerminal } from './render.ts';
import { textOf } from './tables.ts';

const HISTORIES = [undefined, 30];
const explanation = explainSlo(sloOf({ objective: 0.99 }), { histories: HISTORIES, rate: 0.001 });
const text = textOf(explanation, HISTORIES);

describe('an explanation', () => {
  test('on a terminal is aligned, and says what is often said wrongly', () => {
    const lines = renderTerminal(text, false).split('\n');
    expect(lines[0]).toBe('Orders of the shop (shop/orders)');
    expect(lines).toContain(
      '  alert              severity  burn rate  fires when there fail            then there are spent  30d of budget last  failures',
    );
    expect(lines.some(line => /^ {2} {4}100 % +100 +7h 12m +5\.05 s +1\.91 s$/.test(line))).toBe(true);
    expect(lines.at(-3)).toContain('lasts 50 hours, not two');
    expect(lines.at(-2)).toContain(
      'a single failure fires SLOShopOrdersFast: set slo-guard/minimum-events to 7',
    );
  });

  test('in Markdown has tables with as many cells in each row', () => {
    const tables = renderMarkdown(text)
      .split('\n\n')
      .filter(block => block.startsWith('|'));
    expect(tables).toHaveLength(4);
    for (const table of tables) {
      const widths = table.split('\n').map(row => row.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test('in JSON has seconds, and null for never', () => {
    const [shown] = JSON.parse(renderJson([explanation], HISTORIES));
    expect(shown).toMatchObject({ service: 'shop', slo: 'orders', windowSeconds: 2_592_000 });
    expect(shown.alerts[0]).toMatchObject({ exhaustsAfterSeconds: 180_000, failuresToFire: 1 });
    expect(shown.courses[3].alerts[0].firesAfter).toEqual([
      { historySeconds: null, seconds: null },
      { historySeconds: 30, seconds: null },
    ]);
  });
});

test.each([
  [0.6, '0.6 s'],
  [51.84, '51.8 s'],
  [518.4, '8m 38s'],
  [3599.7, '60m'],
  [51_840, '14h 24m'],
  [180_000, '50h'],
  [432_000, '5d'],
  [36 * 3600 + 59, '36h 1m'],
  [Number.POSITIVE_INFINITY, 'never'],
])('%d seconds are told as %s', (seconds, shown) => {
  expect(humanDuration(seconds)).toBe(shown);
});
