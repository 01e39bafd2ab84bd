import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { runPeer } from '../programs.ts';

/** The real promtool takes every rule file of a folder. */
export async function expectToLoad(folder: string): Promise<void> {
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(0);
  const { code, stdout, stderr } = await runPeer(
    'promtool',
    ['check', 'rules', '--lint=none', ...files],
    folder,
  );
  expect(code, stderr.slice(0, 4_000) || stdout.slice(-4_000)).toBe(0);
}
