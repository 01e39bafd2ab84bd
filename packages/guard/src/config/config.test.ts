import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { booleanField, checkShape, expandGlob, integerField, readOneYaml, textField } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a glob', () => {
  for (const path of ['a.yml', 'b.yml', '.hidden.yml', 'c.json', 'd/a.yml', 'd/e/a.yml', 'f*.yml', 'é.yml']) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  const found = (pattern: string) => expandGlob(join(folder, pattern)).map(path => relative(folder, path));

  it.each([
    ['*.yml', ['.hidden.yml', 'a.yml', 'b.yml', 'f*.yml', 'é.yml']],
    ['?.yml', ['a.yml', 'b.yml', 'é.yml']],
    ['[a-b].*', ['a.yml', 'b.yml']],
    ['[^a].json', ['c.json']],
    ['f\\*.yml', ['f*.yml']],
    ['*/a.yml', ['d/a.yml']],
    ['d/*/a.yml', ['d/e/a.yml']],
    ['a.yml', ['a.yml']],
    ['none.yml', []],
    ['none/*.yml', []],
  ])('%s finds what Go finds', (pattern, expected) => {
    expect(found(pattern)).toEqual(expected);
  });
});

describe('values as Go reads them', () => {
  const read = (text: string) => readOneYaml('f.yml', text, { scalars: 'texts', emptyKeys: 'absent' });

  it('keep the text of a number, for fields that are texts', () => {
    const source = read('version: 1.10\nport: 0080\ncount: 12\nflag: True\nhex: 0x1F');
    const text = z.strictObject({
      version: textField,
      port: textField,
      count: textField,
      flag: textField,
      hex: textField,
    });
    expect(checkShape(text, source)).toEqual({
      version: '1.10',
      port: '0080',
      count: '12',
      flag: 'True',
      hex: '0x1F',
    });
  });

  it('take a key without a value for absent', () => {
    expect(read('a:\nb: ~\nc: 1').value).toEqual({ c: '1' });
  });

  it.each([
    ['12', 12],
    ['1_000', 1000],
    ['-3', -3],
  ])('take %s for a number', (text, value) => {
    expect(checkShape(z.strictObject({ a: integerField }), read(`a: ${text}`))).toEqual({ a: value });
  });

  it.each(['yes', 'On', 'TRUE', 'y', 'true'])('take %s for true', word => {
    const schema = z.strictObject({ a: booleanField });
    expect(checkShape(schema, read(`a: ${word}`))).toEqual({ a: true });
  });

  it('refuse other words for truth values', () => {
    expect(() => checkShape(z.strictObject({ a: booleanField }), read('a: maybe'))).toThrow(
      'expected boolean',
    );
  });
});

describe('secrets', () => {
  const isSecret = (path: readonly (string | number)[]) =>
    path.some(key => ['password', 'list', 'block', 'alias'].includes(String(key)));

  it('are hidden in the text, and nothing else', () => {
    const text = `a: # kept
  password: "hunter2" # kept too
  list: [one, 'two']
  block: |
    line 1
    line 2
  name: &n x
  alias: *n
`;
    expect(readOneYaml('f', text, { isSecret }).redacted).toBe(`a: # kept
  password: <secret> # kept too
  list: [<secret>, <secret>]
  block: <secret>
  name: &n x
  alias: <secret>
`);
  });

  it('are hidden in excerpts, also of files that cannot be read', () => {
    const source = readOneYaml('f', 'a: { password: hunter2, b: 1 }', { isSecret });
    expect(source.problemAt(['a', 'b'], { code: 'c', message: 'm' }).excerpt).toBe(
      '  a: { password: *******, b: 1 }\n                             ^',
    );
    expect(() => readOneYaml('f', 'a: { password: hunter2, b: [1 }', { isSecret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('are those of addresses too, in the text, in excerpts and in messages', () => {
    const text = 'urls: ["http://me:s3cret@h/", \'me:s3"cret@h:1\']\nb: http://me:s3cret@h/\n';
    const source = readOneYaml('f', text, { isSecret });
    expect(source.redacted).toBe('urls: ["http://<secret>@h/", \'<secret>@h:1\']\nb: http://<secret>@h/\n');
    const told = { code: 'c', message: 'bad "http://me:s3cret@h/"' };
    for (const problem of [
      source.problemAt(['urls', 1], told),
      source.problemAtKey(['b'], told),
      source.problemInText(['b'], 3, told),
    ]) {
      expect(JSON.stringify(problem)).not.toMatch(/s3|cret@/);
      expect(problem.message).toBe('bad "http://<secret>@h/"');
    }
  });
});
