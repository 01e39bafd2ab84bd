import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../index.ts';

const CORPUS = join(import.meta.dirname, '../../slo/corpus/bad');

const output = mkdtempSync(join(tmpdir(), 'slo-guard-bad-'));
const kept = join(output, 'kept.yml');

beforeAll(() => writeFileSync(kept, 'from before\n'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Runs `generate` and gives its exit code with what it said. */
async function generate(input: string) {
  let err = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text: unknown) => {
    err += String(text);
    return true;
  });
  try {
    return { code: await main(['generate', '-i', input, '-o', output]), err };
  } finally {
    spy.mockRestore();
  }
}

test.each(readdirSync(CORPUS))(
  'nothing is written from %s, and every problem is told with its place',
  async file => {
    const path = join(CORPUS, file);
    const { code, err } = await generate(path);
    expect(code).toBe(2);
    for (const [, place, problem] of readFileSync(path, 'utf8').matchAll(/^# expects (\S+) (\S+)$/gm)) {
      expect(err).toContain(`${file}:${place}: `);
      expect(err).toContain(`[${problem}]`);
    }
    expect(readdirSync(output)).toEqual(['kept.yml']);
    expect(readFileSync(kept, 'utf8')).toBe('from before\n');
  },
);
