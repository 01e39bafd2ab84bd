import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspect, pathUnder } from './inspect.ts';
import { ROOMS } from './rules.ts';

const root = join(import.meta.dirname, '../../packages/guard/src');
const files = globSync('**/*.ts', { cwd: root }).map(path => ({
  path: pathUnder(root, join(root, path)),
  text: readFileSync(join(root, path), 'utf8'),
}));

describe('the house', () => {
  it('reads the sources at all', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('has every import in the direction of the table and no banned call', () => {
    expect(files.flatMap(inspect)).toEqual([]);
  });

  it('has a folder for each room', () => {
    const folders = new Set(files.map(({ path }) => path.split('/')[0]));
    expect(Object.keys(ROOMS).filter(room => !folders.has(room))).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['rules/a.ts', "import { x } from '../alertmanager/index.ts';", /rules must not import alertmanager/],
    ['rules/a.ts', "import type { X } from '../tsdb/index.ts';", /rules must not import tsdb/],
    ['tsdb/a.ts', "export { x } from '../promql/engine.ts';", /import promql\/index\.ts, not its inside/],
    ['cli/a.ts', "const x = await import('../server/x.ts');", /not its inside/],
    ['core/a.ts', "export * from './b.ts';", /hides/],
    ['rules/a.ts', 'export const at = Date.now();', /Clock\.now/],
    ['rules/a.ts', 'export const at = new Date();', /Clock\.now/],
    ['cli/a.ts', 'export const s = AbortSignal.any([]);', /withDeadline/],
    ['cli/a.ts', "export const a = await fetch('http://x/');", /createHttpClient/],
    ['rules/a.ts', 'export const f = (s: string) => new RegExp(s);', /of a variable/],
    ['attic/a.ts', "import { x } from '../core/index.ts';", /not in the table/],
  ])('catches what is planted in %s: %s', (path, text, message) => {
    expect(inspect({ path, text })).toEqual([expect.stringMatching(message)]);
  });

  it('lets what is right pass', () => {
    const text =
      "import { Labels } from '../core/index.ts';\nexport const at = (now: number) => new Date(now);\nexport const r = /x/;";
    expect(inspect({ path: 'rules/a.ts', text })).toEqual([]);
  });
});
