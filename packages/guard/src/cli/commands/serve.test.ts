import { afterEach, expect, it, vi } from 'vitest';
import { main } from '../index.ts';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['--storage.tsdb.retention.size', '12', '--storage.tsdb.retention.size: "12" is not a size such as 512MB'],
  ['--storage.tsdb.retention.time', 'long', '--storage.tsdb.retention.time: "long" is not a duration'],
])('refuses %s %s by name', async (flag, value, message) => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const files = ['--prometheus-config', 'p.yml', '--alertmanager-config', 'a.yml'];
  expect(await main(['serve', ...files, flag, value])).toBe(2);
  expect(told.mock.calls.join('')).toContain(message);
});
