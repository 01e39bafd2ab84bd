import type { PromqlEngine, QueryOptions } from '../engine/engine.ts';
import { createMemoryStorage, type MemoryStorage } from '../memory-storage.ts';
import { type MissingSeries, whyMissing } from './missing-series.ts';
import { type EvalCommand, type LoadCommand, parseScript } from './parse-script.ts';
import { runEval } from './run-eval.ts';

export type ScriptOutcome =
  | { readonly line: number; readonly outcome: 'passed' }
  | { readonly line: number; readonly outcome: 'failed'; readonly expr: string; readonly why: string }
  /** The script needs something that the runner cannot load or read, such as native histograms. */
  | { readonly line: number; readonly outcome: 'unsupported'; readonly expr: string; readonly why: string };

/** One entry an `eval`, in order. */
export interface ScriptReport {
  readonly evals: readonly ScriptOutcome[];
}

/** Runs a behaviour script from an empty store. @throws UserError `bad-script` */
export function runScript(text: string, engine: PromqlEngine, options: QueryOptions = {}): ScriptReport {
  const storage = createMemoryStorage();
  const evals: ScriptOutcome[] = [];
  // Queries of series that could not be loaded say nothing about the engine.
  let missing: readonly MissingSeries[] = [];
  for (const command of parseScript(text)) {
    switch (command.kind) {
      case 'clear':
        storage.clear();
        missing = [];
        break;
      case 'load':
        load(storage, command);
        missing = [...missing, ...command.missing];
        break;
      case 'unsupported':
        evals.push({ line: command.line, outcome: 'unsupported', expr: command.expr, why: command.why });
        break;
      case 'eval': {
        const { line, expr } = command;
        const why = whyMissing(expr, missing);
        if (why === undefined) evals.push(outcomeOf(command, runEval(storage, engine, command, options)));
        else evals.push({ line, outcome: 'unsupported', expr, why });
        break;
      }
    }
  }
  return { evals };
}

const outcomeOf = ({ line, expr }: EvalCommand, why: string | undefined): ScriptOutcome =>
  why === undefined ? { line, outcome: 'passed' } : { line, outcome: 'failed', expr, why };

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
