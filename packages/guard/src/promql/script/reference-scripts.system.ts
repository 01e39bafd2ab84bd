import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../index.ts';
import { runScript } from '../testing.ts';

/** The folder promql/promqltest/testdata of Prometheus's source, which is not part of this repository. */
const folder = process.env.PROMQL_REFERENCE_SCRIPTS;

/** Evals that are known to differ, each with its reason. The list may only shrink. */
const KNOWN: Readonly<Record<string, string>> = {
  'duration_expression.test:164': 'the grammar knows step() in lower case only',
  'duration_expression.test:179': 'the grammar knows step() in lower case only',
  'duration_expression.test:197': 'the grammar knows step() in lower case only',
};

/** Files of features that Prometheus has behind flags and that are refused here. */
const SKIPPED: ReadonlySet<string> = new Set(['unquoted_utf8_names.test']);

describe.skipIf(folder === undefined)("Prometheus's own scripts", () => {
  // The reference runs them with delayed name removal, which its default configuration does not have.
  const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 10_000, delayedNameRemoval: true });
  const files = folder === undefined ? [] : readdirSync(folder).filter(file => !SKIPPED.has(file));

  it.each(files)('%s holds but for what is refused by name', file => {
    const { evals } = runScript(readFileSync(join(folder!, file), 'utf8'), engine);
    const failed = evals.filter(({ outcome, line }) => outcome === 'failed' && !KNOWN[`${file}:${line}`]);
    expect(failed).toEqual([]);
  });
});
