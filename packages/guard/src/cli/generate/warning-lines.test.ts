import { expect, it } from 'vitest';
import type { Warning } from '../../slo/index.ts';
import { SHOWN_PER_CODE, warningLines } from './warning-lines.ts';

const warnings = (code: Warning['code'], count: number): Warning[] =>
  Array.from({ length: count }, (_, i) => ({
    code,
    message: `what ${code} means`,
    position: { file: 'a.yaml', line: i + 1, column: 3 },
  }));

it('shows the first of each code with their places, and counts the rest', () => {
  const lines = warningLines([
    ...warnings('unused-field', SHOWN_PER_CODE),
    ...warnings('single-window', 10_000),
  ]);
  expect(lines).toHaveLength(2 * SHOWN_PER_CODE + 1);
  expect(lines[0]).toBe('a.yaml:1:3: what unused-field means [unused-field]');
  expect(lines.at(-1)).toBe('9990 more like these; slo-guard lint shows all [single-window]');
});
