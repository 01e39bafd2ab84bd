import { messageOf, UserError } from '../../core/index.ts';
import type { PromqlEngine, QueryOptions } from '../engine/engine.ts';
import type { QueryResult } from '../engine/result.ts';
import { parseExpr } from '../parse.ts';
import type { Queryable } from '../storage.ts';
import { compareResult, isOrdered } from './compare-result.ts';
import { meets, whyNotesDiffer } from './expectations.ts';
import type { EvalCommand } from './parse-script.ts';
import { asRange, pinned } from './variants.ts';

/**
 * Runs an eval in every form in which it must give the same: as it is; an instant one also with `@` on its selectors at
 * other instants, and as the middle step of a range query. Answers what is wrong with it.
 */
export function runEval(
  queryable: Queryable,
  engine: PromqlEngine,
  command: EvalCommand,
  options: QueryOptions,
): string | undefined {
  if (command.step !== undefined) return runForm(queryable, engine, command, options);
  for (const form of [command, ...pinned(command)]) {
    const why = runForm(queryable, engine, form, options) ?? runMiddle(queryable, engine, form, options);
    if (why !== undefined) return form === command ? why : `${form.expr} at ${form.start} ms: ${why}`;
  }
  return undefined;
}

type Run = { readonly result: QueryResult } | { readonly error: string; readonly isOurs: boolean };

function execute(
  queryable: Queryable,
  engine: PromqlEngine,
  { expr, start, end, step }: EvalCommand,
  options: QueryOptions,
): Run {
  try {
    const parsed = parseExpr(expr);
    return {
      result:
        step === undefined
          ? engine.instant(queryable, parsed, start, options)
          : engine.range(queryable, parsed, { start, end, step }, options),
    };
  } catch (error) {
    if (error instanceof UserError) return { error: error.problems[0]!.message, isOurs: true };
    return { error: error instanceof Error ? (error.stack ?? '') : messageOf(error), isOurs: false };
  }
}

function runForm(
  queryable: Queryable,
  engine: PromqlEngine,
  command: EvalCommand,
  options: QueryOptions,
): string | undefined {
  const failures = command.expectations.filter(({ kind }) => kind === 'fail');
  const run = execute(queryable, engine, command, options);
  if ('result' in run) {
    if (failures.length > 0) return 'should have failed';
    return whyNotesDiffer(command.expectations, run.result) ?? compareResult(command, run.result);
  }
  if (!run.isOurs || failures.length === 0) return `failed: ${run.error}`;
  return failures.every(each => meets(each, run.error)) ? undefined : `failed otherwise: ${run.error}`;
}

/** The middle step of a range query around an instant one. */
function runMiddle(
  queryable: Queryable,
  engine: PromqlEngine,
  command: EvalCommand,
  options: QueryOptions,
): string | undefined {
  const range = asRange(command);
  if (!range || isOrdered(command)) return undefined;
  const run = execute(queryable, engine, range, options);
  if (!('result' in run)) return `as a range query: failed: ${run.error}`;
  const why = compareResult(command, instantOf(command, run.result));
  return why === undefined ? undefined : `as a range query: ${why}`;
}

function instantOf({ start, scalar }: EvalCommand, result: QueryResult): QueryResult {
  if (result.type !== 'matrix') return result;
  const samples = result.series.flatMap(({ labels, timestamps, values }) => {
    const index = timestamps.indexOf(start);
    return index < 0 ? [] : [{ labels, timestamp: start, value: values[index]! }];
  });
  const { warnings, infos } = result;
  return scalar === undefined || samples.length !== 1
    ? { type: 'vector', samples, warnings, infos }
    : { type: 'scalar', timestamp: start, value: samples[0]!.value, warnings, infos };
}
