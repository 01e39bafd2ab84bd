import { messageOf, UserError } from '../../core/index.ts';
import type { PromqlEngine, QueryOptions } from '../engine/engine.ts';
import type { QueryResult } from '../engine/result.ts';
import { createMemoryStorage, type MemoryStorage } from '../memory-storage.ts';
import { parseExpr } from '../parse.ts';
import { compareResult } from './compare-result.ts';
import { type EvalCommand, type Expectation, type LoadCommand, parseScript } from './parse-script.ts';

export type ScriptOutcome =
  | { readonly line: number; readonly outcome: 'passed' }
  | { readonly line: number; readonly outcome: 'failed'; readonly expr: string; readonly why: string }
  /** Refused by name, in the script or by the engine. */
  | { readonly line: number; readonly outcome: 'unsupported'; readonly why: string };

/** One entry an `eval`, in order. */
export interface ScriptReport {
  readonly evals: readonly ScriptOutcome[];
}

/** Runs a behaviour script from an empty store. @throws UserError `bad-script` */
export function runScript(text: string, engine: PromqlEngine, options: QueryOptions = {}): ScriptReport {
  const storage = createMemoryStorage();
  const evals: ScriptOutcome[] = [];
  // Queries of series that could not be loaded say nothing about the engine.
  const missing = new Map<string, string>();
  for (const command of parseScript(text)) {
    switch (command.kind) {
      case 'clear':
        storage.clear();
        missing.clear();
        break;
      case 'load':
        load(storage, command);
        for (const { name, why } of command.skipped) missing.set(name, why);
        break;
      case 'unsupported':
        evals.push({ line: command.line, outcome: 'unsupported', why: command.why });
        break;
      case 'eval': {
        const why = whyMissing(command.expr, missing);
        evals.push(
          why === undefined
            ? evaluate(storage, engine, command, options)
            : { line: command.line, outcome: 'unsupported', why },
        );
        break;
      }
    }
  }
  return { evals };
}

/** Whether an expression names a series that is missing, or may select it by other means. */
function whyMissing(expr: string, missing: ReadonlyMap<string, string>): string | undefined {
  if (missing.size > 0 && /__name__|(?:^|[^\w"}\s])\s*\{/.test(expr)) return [...missing.values()][0];
  for (const name of expr.match(/[A-Za-z_:][\w:]*/g) ?? []) if (missing.has(name)) return missing.get(name);
  return undefined;
}

/** A series that is given twice has the values of the last time. */
function load(storage: MemoryStorage, { gap, series }: LoadCommand): void {
  const appender = storage.appender();
  const unique = new Map(series.map(line => [line.labels.key, line]));
  for (const { labels, values } of unique.values())
    for (const [i, value] of values.entries()) {
      if (value === 'stale') appender.appendStale(labels, i * gap);
      else if (value !== 'omitted') appender.append(labels, i * gap, value);
    }
  appender.commit();
}

function evaluate(
  storage: MemoryStorage,
  engine: PromqlEngine,
  command: EvalCommand,
  options: QueryOptions,
): ScriptOutcome {
  const { line, expr } = command;
  const failed = (why: string): ScriptOutcome => ({ line, outcome: 'failed', expr, why });
  const failures = command.expectations.filter(({ kind }) => kind === 'fail');
  let result: QueryResult;
  try {
    const parsed = parseExpr(expr);
    const { start, end, step } = command;
    result =
      step === undefined
        ? engine.instant(storage, parsed, start, options)
        : engine.range(storage, parsed, { start, end, step }, options);
  } catch (error) {
    if (!(error instanceof UserError))
      return failed(error instanceof Error ? (error.stack ?? '') : messageOf(error));
    const { code, message } = error.problems[0]!;
    if (code === 'unsupported-promql') return { line, outcome: 'unsupported', why: message };
    if (failures.length === 0) return failed(`failed: ${message}`);
    const other = failures.find(each => !meets(each, message));
    return other ? failed(`failed otherwise: ${message}`) : { line, outcome: 'passed' };
  }
  if (failures.length > 0) return failed('should have failed');
  const why = checkNotes(command.expectations, result) ?? compareResult(command, result);
  return why === undefined ? { line, outcome: 'passed' } : failed(why);
}

/** Annotations may be expected with or without their position. */
const meets = ({ text, pattern }: Expectation, actual: string): boolean =>
  (text === undefined || actual === text || actual.replace(/ \(\d+:\d+\)$/, '') === text) &&
  (pattern === undefined || pattern.test(actual));

/** What is wrong with the annotations. */
function checkNotes(expectations: readonly Expectation[], result: QueryResult): string | undefined {
  for (const kind of ['warn', 'info'] as const) {
    const notes = kind === 'warn' ? result.warnings : result.infos;
    const wanted = expectations.filter(each => each.kind === kind);
    if (expectations.some(each => each.kind === `no_${kind}`) && notes.length > 0)
      return `unexpected ${kind}: ${notes[0]}`;
    for (const each of wanted)
      if (!notes.some(note => meets(each, note))) return `missing ${kind} ${each.text ?? ''}: ${notes}`;
    const extra = wanted.length > 0 && notes.find(note => !wanted.some(each => meets(each, note)));
    if (extra) return `unexpected ${kind}: ${extra}`;
  }
  return undefined;
}
