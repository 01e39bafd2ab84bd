import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, which any Node can read
import { entryOf } from '../../bin/built.js';
import { entryModule } from '../core/index.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const BUILD = readFileSync(join(PACKAGE, 'build.ts'), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: PACKAGE, exclude: ['**/*.test.ts'] }).map(file =>
  readFileSync(join(PACKAGE, file), 'utf8'),
);

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-built-'));
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  writeFileSync(join(folder, SOURCES), '');
  source = join(folder, 'src/one.ts');
  writeFileSync(source, 'one');
  mkdirSync(join(folder, 'dist'));
  const { size, mtimeMs } = statSync(source);
  writeFileSync(join(folder, 'dist/sources.json'), JSON.stringify([['src/one.ts', size, mtimeMs]]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (): string => {
  const { href } = pathToFileURL(`${folder}/`);
  return entryOf(new URL(href)).slice(href.length);
};
const BUNDLE = 'dist/bundle/index.js';
const SOURCES = 'src/cli/index.ts';

describe('the command', () => {
  it('runs from the bundle while no source was touched', () => {
    expect(entry()).toBe(BUNDLE);
  });

  it('runs from the sources after an edit, even one that leaves the size', () => {
    writeFileSync(source, 'two');
    utimesSync(source, 1, 1);
    expect(entry()).toBe(SOURCES);
  });

  it('runs from the sources when one is gone, and before the first build', () => {
    rmSync(source);
    expect(entry()).toBe(SOURCES);
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(entry()).toBe(SOURCES);
  });

  it('runs from the bundle where there are no sources, as in an image', () => {
    rmSync(join(folder, 'src'), { recursive: true });
    expect(entry()).toBe(BUNDLE);
  });
});

describe('what threads and processes start with', () => {
  it('is the source where sources run', () => {
    expect(entryModule('traces/span-worker').href).toBe(
      new URL('../traces/span-worker.ts', import.meta.url).href,
    );
  });

  it('is built, each: build.ts lists what is started', () => {
    const started = sources.flatMap(text =>
      [...text.matchAll(/entryModule\('([^']+)'\)/g)].map(([, path]) => path),
    );
    expect(started).toHaveLength(3);
    for (const path of started) expect(BUILD).toContain(`'src/${path}.ts'`);
  });
});
