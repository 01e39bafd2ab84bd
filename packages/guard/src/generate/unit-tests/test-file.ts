import { formatDuration } from '../../core/index.ts';
import { type Expr, parseExpr, walkExpr } from '../../promql/index.ts';
import type { Slo } from '../../slo/index.ts';
import { generatedHeader, sourcesOf } from '../header.ts';
import { exampleSeries } from './example-series.ts';
import { printTests } from './print-tests.ts';
import { type RuleTest, scenariosOf, tickOf } from './scenarios.ts';

export interface RuleTestOptions {
  /** The rule file as seen from the test file. */
  readonly ruleFile: string;
  readonly extraSources?: readonly string[];
}

/**
 * Unit tests of the rules of some SLOs, in the format of `promtool test rules`: what burns, alerts and what is left of
 * the budget while all succeeds, while all fails, without traffic, and when counters begin anew. Undefined when none
 * of the SLOs can be tested; which cannot, and why, stands at the file's beginning.
 */
export function generateRuleTests(
  slos: readonly Slo[],
  { ruleFile, extraSources = [] }: RuleTestOptions,
): string | undefined {
  const tests: RuleTest[] = [];
  const untested: string[] = [];
  for (const slo of slos) {
    const examples = alwaysExcludes(slo)
      ? { none: 'its guard may hold without any series' }
      : exampleSeries(slo);
    if ('none' in examples) untested.push(`# No tests of ${slo.service} ${slo.name}: ${examples.none}.\n`);
    else tests.push(...scenariosOf(slo, examples));
  }
  if (tests.length === 0) return undefined;
  const interval = formatDuration(Math.min(...slos.map(tickOf)));
  const header = `${generatedHeader([...sourcesOf(slos), ...extraSources])}${untested.join('')}`;
  return `${header}${printTests({ ruleFile, interval, tests })}`;
}

/** Whether the guard may return something in a store that has none of its series. */
function alwaysExcludes({ exclusions: { guard } }: Slo): boolean {
  if (guard === undefined) return false;
  let always = false;
  walkExpr(parseExpr(guard), (expr: Expr) => {
    if (expr.type === 'call' && ['absent', 'absent_over_time', 'vector', 'time'].includes(expr.name))
      always = true;
  });
  return always;
}
