import { type Logger, type Milliseconds, messageOf, silentLogger, UserError } from '../core/index.ts';
import { parseExpr, parseSeries, type SeriesLine } from '../promql/index.ts';
import { createRuleQuery, createRuleStepper, type RuleGroup, type RuleStepper } from '../rules/index.ts';
import { sameAlerts, sameSamples, sortAlerts, sortSamples } from './compare.ts';
import { expectedAlerts, expectedSamples } from './expected.ts';
import type { Failure, ShownAlert } from './outcome.ts';
import type { AlertTest, InputSeries, PromqlTest, TestGroup } from './test-file.ts';
import { createTestStore, type TestStore } from './test-store.ts';

export interface RunGroupOptions {
  readonly test: TestGroup;
  /** In the order in which they are evaluated. */
  readonly groups: readonly RuleGroup[];
  readonly evaluationInterval: Milliseconds;
  readonly fuzzyCompare: boolean;
  readonly logger?: Logger;
  /** Given the store at the end; for showing what is in it. */
  readonly inspect?: (store: TestStore, lastTime: Milliseconds) => void;
}

/**
 * Runs the tests of a group as promtool does (cmd/promtool/unittest.go `test`): every group of rules at every evaluation
 * interval from the start to the last test, one after the other, whatever their own intervals are.
 */
export async function runTestGroup(options: RunGroupOptions): Promise<Failure[]> {
  const { test, groups, evaluationInterval, logger = silentLogger } = options;
  const read = readInputs(test.inputSeries);
  if (!('series' in read)) return read.failures;
  const testStore = createTestStore({
    series: read.series,
    start: test.startTimestamp,
    interval: test.interval,
    evaluationInterval,
  });
  const { store, clock, engine, registry } = testStore;
  try {
    const stepper = createRuleStepper({
      groups,
      query: createRuleQuery(engine, store),
      queryable: store,
      appendable: store,
      sender: { send: () => {} },
      clock,
      logger,
      registry,
      interval: test.interval,
      externalLabels: test.externalLabels,
      externalUrl: test.externalUrl,
      resendDelay: 60_000,
    });
    const failures = await runEvaluations(options, testStore, stepper);
    const isCutShort = failures.some(({ kind }) => kind === 'rule');
    if (!isCutShort) failures.push(...test.promqlTests.flatMap(each => checkQuery(each, options, testStore)));
    options.inspect?.(testStore, lastTimeOf(test));
    return failures;
  } finally {
    store.close();
  }
}

function readInputs(inputs: readonly InputSeries[]): { series: SeriesLine[] } | { failures: Failure[] } {
  const series: SeriesLine[] = [];
  const failures: Failure[] = [];
  for (const { series: name, values, position } of inputs) {
    try {
      series.push(parseSeries(`${name} ${values}`));
    } catch (error) {
      const { file, line, column } = position;
      failures.push({ kind: 'error', message: `${file}:${line}:${column}: ${messageOf(error)}` });
    }
  }
  return failures.length > 0 ? { failures } : { series };
}

const lastTimeOf = ({ alertTests, promqlTests }: TestGroup): Milliseconds =>
  [...alertTests, ...promqlTests].reduce((last, { evalTime }) => Math.max(last, evalTime), 0);

/** Ends at the first evaluation in which a rule fails. */
async function runEvaluations(
  { test, evaluationInterval }: RunGroupOptions,
  testStore: TestStore,
  stepper: RuleStepper,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const pending = test.alertTests.toSorted((a, b) => a.evalTime - b.evalTime);
  const last = lastTimeOf(test);
  for (let after = 0; after <= last; after += evaluationInterval) {
    await testStore.advanceTo(test.startTimestamp + after);
    await stepper.evaluate(test.startTimestamp + after);
    const broken = stepper.rules().filter(({ lastError }) => lastError !== '');
    if (broken.length > 0) {
      const place = test.startTimestamp + after;
      return [
        ...failures,
        ...broken.map(
          ({ rule, lastError }): Failure => ({
            kind: 'rule',
            rule: rule.name,
            after: place,
            message: lastError,
          }),
        ),
      ];
    }
    while (pending[0] && pending[0].evalTime < after + evaluationInterval)
      failures.push(...checkAlerts(pending.shift()!, stepper));
  }
  return failures;
}

function checkAlerts(test: AlertTest, stepper: RuleStepper): Failure[] {
  const firing = stepper.rules().flatMap((state): ShownAlert[] => {
    if (state.kind !== 'alerting' || state.rule.name !== test.alertName) return [];
    return [...state.alerts.values()].filter(alert => alert.state === 'firing');
  });
  const expected = sortAlerts(expectedAlerts(test));
  const got = sortAlerts(firing.map(({ labels, annotations }) => ({ labels, annotations })));
  if (sameAlerts(expected, got)) return [];
  const { alertName, evalTime, position } = test;
  return [{ kind: 'alerts', alertName, evalTime, expected, got, position }];
}

function checkQuery(
  test: PromqlTest,
  { fuzzyCompare, test: group }: RunGroupOptions,
  testStore: TestStore,
): Failure[] {
  const { expr, evalTime, position } = test;
  try {
    const query = createRuleQuery(testStore.engine, testStore.store);
    const samples = query(parseExpr(expr), group.startTimestamp + evalTime);
    const got = sortSamples(samples.map(({ labels, value }) => ({ labels, value })));
    const expected = sortSamples(expectedSamples(test));
    if (sameSamples(expected, got, fuzzyCompare)) return [];
    return [{ kind: 'samples', expr, evalTime, expected, got, position }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { file, line, column } = position;
    return [
      {
        kind: 'error',
        message: `${file}:${line}:${column}: expr: ${JSON.stringify(expr)}: ${error.message}`,
      },
    ];
  }
}
