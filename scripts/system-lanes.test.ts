import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemStages } from './system-lanes.ts';

const root = join(import.meta.dirname, '..');

/** Every system test below a folder, found without a pattern. */
const systemTestsIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : systemTestsIn(path);
    return path.endsWith('.system.ts') ? [path] : [];
  });

test('the lanes together are every system test, each once, and none is empty', () => {
  const lanes = systemStages(root).flat();
  const known = ['packages', 'services', 'test'].flatMap(systemTestsIn);
  expect(lanes.flatMap(({ files }) => files).sort()).toEqual(known.sort());
  expect(lanes.filter(({ files }) => files.length === 0)).toEqual([]);
});

test('what computes stands back for the containers, and does not run beside what goes by the clock', () => {
  const [first, second] = systemStages(root);
  expect(first!.map(({ gently }) => gently)).toEqual([false, true]);
  expect(second!.map(({ gently }) => gently)).toEqual([false, false]);
});
