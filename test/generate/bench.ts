import { Registry } from 'prom-client';
import { createVirtualClock, Labels, silentLogger } from '../../packages/guard/src/core/index.ts';
import { createEngine, parseExpr } from '../../packages/guard/src/promql/index.ts';
import { createMemoryStorage } from '../../packages/guard/src/promql/testing.ts';
import { createRuleQuery, createRuleStepper, loadRuleFile } from '../../packages/guard/src/rules/index.ts';

/** A series by its labels, `__name__` among them. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** A rule file on our engine over a store of its own, evaluated when it is told to. Times in seconds. */
export interface Bench {
  write(at: number, labels: SeriesLabels, value: number): void;
  /** Evaluates every rule once. @throws when a rule fails */
  evaluate(at: number): Promise<void>;
  /** The values of an expression by its labels without the name, printed. */
  ask(expr: string, at: number): Record<string, number>;
  /** Every series that has a value then, with its name. */
  all(at: number): { labels: SeriesLabels; value: number }[];
  /** The only value of an expression; undefined where it has none. @throws where there are several */
  value(expr: string, at: number): number | undefined;
  /** Alerts of that name that are firing, with what their templates gave. */
  firing(name: string): { labels: Record<string, string>; annotations: Record<string, string> }[];
}

export function createBench(rules: string): Bench {
  const storage = createMemoryStorage();
  const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 50_000_000 });
  const query = createRuleQuery(engine, storage);
  const stepper = createRuleStepper({
    groups: loadRuleFile('rules.yml', rules).groups,
    query,
    queryable: storage,
    appendable: storage,
    sender: { send: () => {} },
    clock: createVirtualClock(0),
    logger: silentLogger,
    registry: new Registry(),
    interval: 60_000,
    externalLabels: Labels.EMPTY,
    externalUrl: 'http://localhost:9090',
    resendDelay: 60_000,
  });
  const ask = (expr: string, at: number) =>
    query(parseExpr(expr), at * 1000).map(({ labels, value }) => {
      const { __name__: _, ...rest } = Object.fromEntries(labels);
      return [JSON.stringify(rest), value] as const;
    });
  return {
    write(at, labels, value) {
      const appender = storage.appender();
      appender.append(Labels.of(labels), at * 1000, value);
      appender.commit();
    },
    async evaluate(at) {
      await stepper.evaluate(at * 1000);
      const broken = stepper.rules().find(({ lastError }) => lastError !== '');
      if (broken) throw new Error(`${broken.rule.name} at ${at}: ${broken.lastError}`);
    },
    ask: (expr, at) => Object.fromEntries(ask(expr, at)),
    all: at =>
      query(parseExpr('{__name__!=""}'), at * 1000).map(({ labels, value }) => ({
        labels: Object.fromEntries(labels),
        value,
      })),
    value(expr, at) {
      const values = ask(expr, at);
      if (values.length > 1) throw new Error(`${values.length} values of ${expr}`);
      return values[0]?.[1];
    },
    firing: name =>
      stepper.rules().flatMap(state =>
        state.kind === 'alerting' && state.rule.name === name
          ? [...state.alerts.values()]
              .filter(alert => alert.state === 'firing')
              .map(({ labels, annotations }) => ({
                labels: Object.fromEntries(labels),
                annotations: Object.fromEntries(annotations),
              }))
          : [],
      ),
  };
}
