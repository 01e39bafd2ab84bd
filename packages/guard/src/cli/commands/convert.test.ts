import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { main } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-convert-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SLOTH = `version: prometheus/v1
service: shop
slos:
  - name: orders
    objective: 99.9
    sli: { events: { error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))' } }
    alerting: { name: Orders }
`;

test('convert writes OpenSLO from a file of Sloth, and nothing from a bad one', async () => {
  const [sloth, openslo] = [join(folder, 'sloth.yaml'), join(folder, 'openslo.yaml')];
  writeFileSync(sloth, SLOTH);
  expect(await main(['convert', sloth, '-o', openslo])).toBe(0);
  const text = readFileSync(openslo, 'utf8');
  expect(text).toContain('apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: orders\n');
  expect(text).toContain('query: sum(rate(e[{{.window}}]))');
  expect(await main(['lint', openslo])).toBe(0);

  writeFileSync(sloth, SLOTH.replace('99.9', '101'));
  const silent = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await main(['convert', sloth, '-o', openslo])).toBe(2);
  silent.mockRestore();
  expect(readFileSync(openslo, 'utf8')).toBe(text);
});
