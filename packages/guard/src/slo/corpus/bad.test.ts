import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Problem, UserError } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';

const FOLDER = join(import.meta.dirname, 'bad');

const FILES = readdirSync(FOLDER).map(file => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));

/** A file says in its first lines what it is refused for: `# expects LINE:COLUMN CODE`, one line a problem. */
const expected = (text: string) => [...text.matchAll(/^# expects (.*)$/gm)].map(([, problem]) => problem!);

function problemsOf(files: typeof FILES): readonly Problem[] {
  try {
    loadSloFiles(files);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

const shown = ({ position, code }: Problem) => `${position?.line}:${position?.column} ${code}`;

describe('the bad corpus', () => {
  test('has at least 80 files, each with what it expects', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(80);
    expect(FILES.filter(({ text }) => expected(text).length === 0)).toEqual([]);
  });

  test.each(FILES)('$file is refused for exactly what it says', file => {
    const problems = problemsOf([file]);
    expect(problems.map(shown)).toEqual(expected(file.text));
    for (const { position, excerpt } of problems) {
      expect(position!.file).toBe(file.file);
      const [line, caret] = excerpt!.split('\n');
      expect(caret!.trim()).toBe('^');
      expect(line!.length).toBeGreaterThanOrEqual(caret!.indexOf('^'));
    }
  });
});
