import type { z } from 'zod';
import { type Problem, UserError } from '../core/index.ts';
import { isNonEmpty, type Path, type YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks a document against its schema and gives the typed value. Use strict objects, so that an unknown key is an
 * error: a field that is ignored silently is a page that is never sent.
 *
 * @throws UserError with one problem an issue (`unknown-field`, `missing-field`, `bad-value`), each at its place
 */
export function checkShape<T>(schema: z.ZodType<T>, source: YamlSource): T {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(issue => problemsOf(issue, source));
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  throw new Error('BUG: a failed schema check without issues');
}

function problemsOf(issue: Issue, source: YamlSource): Problem[] {
  const path = issue.path.map(key => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key =>
      source.problemAtKey([...path, key], {
        code: 'unknown-field',
        message: `unknown field ${JSON.stringify(key)}${inside(path)}`,
      }),
    );
  }
  if (MISSING.has(issue.code) && valueAt(source.value, path) === undefined) {
    const field = path.at(-1);
    return [
      source.problemAt(path.slice(0, -1), {
        code: 'missing-field',
        message: `field ${JSON.stringify(field)} is missing${inside(path.slice(0, -1))}`,
      }),
    ];
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message;
    return [source.problemAtKey(path, { code: 'bad-value', message: `${message}${inside(path)}` })];
  }
  return [source.problemAt(path, { code: 'bad-value', message: `${issue.message}${inside(path)}` })];
}

/** What zod says of a value that is not there. */
const MISSING: ReadonlySet<Issue['code']> = new Set(['invalid_type', 'invalid_value', 'invalid_union']);

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );

const inside = (path: readonly (string | number)[]) => (path.length === 0 ? '' : ` in ${path.join('.')}`);
