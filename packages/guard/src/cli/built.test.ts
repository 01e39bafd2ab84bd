import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, which any Node can read
import { entryFor } from '../../bin/built.js';

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-built-'));
  source = join(folder, 'src.ts');
  writeFileSync(source, 'one');
  mkdirSync(join(folder, 'dist'));
  const { size, mtimeMs } = statSync(source);
  writeFileSync(join(folder, 'dist/sources.json'), JSON.stringify([['src.ts', size, mtimeMs]]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (command?: string): string =>
  entryFor(command, pathToFileURL(`${folder}/`)).slice(pathToFileURL(`${folder}/`).href.length);
const BUNDLE = 'dist/cli/index.js';
const SOURCES = 'src/cli/index.ts';

describe('the command', () => {
  it('runs from the bundle while no source was touched', () => {
    expect(entry('generate')).toBe(BUNDLE);
    expect(entry()).toBe(BUNDLE);
  });

  it.each(['serve', 'up', 'drill'])('runs %s, which starts threads, from its sources', command => {
    expect(entry(command)).toBe(SOURCES);
  });

  it('runs from the sources after an edit, even one that leaves the size', () => {
    writeFileSync(source, 'two');
    utimesSync(source, 1, 1);
    expect(entry('generate')).toBe(SOURCES);
  });

  it('runs from the sources when one is gone, and before the first build', () => {
    rmSync(source);
    expect(entry('generate')).toBe(SOURCES);
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(entry('generate')).toBe(SOURCES);
  });
});
