import fc from 'fast-check';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger, type VirtualClock } from '../core/index.ts';
import { createEngine, isStaleAt } from '../promql/index.ts';
import { createMemoryStorage, type MemoryStorage } from '../promql/testing.ts';
import {
  evaluate,
  type ModelAlert,
  type ModelRule,
  type ModelSend,
  type ModelStored,
  restore,
  send,
} from './alert-model.testing.ts';
import {
  createRuleManager,
  createRuleQuery,
  loadRuleFile,
  type OutgoingAlert,
  type RuleManager,
} from './index.ts';

const SECOND = 1000;
const INTERVAL = 10 * SECOND;
const TIMES = { resendDelay: 25 * SECOND, interval: INTERVAL };
const RESTORE = { grace: 60 * SECOND, tolerance: 300 * SECOND };
const START = 1_700_000_000_000;
/** Series that may be there, or not. */
const NAMES = ['a', 'b'] as const;
const DURATIONS = [0, 15, 20, 60, 90].map(seconds => seconds * SECOND);

interface Model {
  rule: ModelRule;
  alerts: Map<string, ModelAlert>;
  /** The newest of each series in the store. */
  stored: Map<string, ModelStored>;
  /** Series of the last evaluation that succeeded since the last restart. */
  written: Set<string>;
  /** Evaluations since the last restart; the state is taken up after the second. */
  evaluations: number;
}

/** The rules as they run, on a store and a clock of their own. */
interface Real {
  readonly clock: VirtualClock;
  readonly storage: MemoryStorage;
  manager: RuleManager;
  sent: OutgoingAlert[];
  isBroken: boolean;
}

const settings = {
  evaluationInterval: milliseconds(INTERVAL),
  queryOffset: milliseconds(0),
  externalLabels: Labels.EMPTY,
};

const fileOf = (rule: ModelRule) =>
  loadRuleFile(
    'r.yml',
    `groups: [{ name: g, rules: [{ alert: A, expr: m > 0, for: ${rule.for / SECOND}s, keep_firing_for: ${rule.keepFiringFor / SECOND}s }] }]`,
  );

function startManager(real: Omit<Real, 'manager'>, rule: ModelRule): RuleManager {
  const engine = createEngine({ lookbackDelta: milliseconds(300_000), maxSamples: 1_000_000 });
  const query = createRuleQuery(engine, real.storage);
  const manager = createRuleManager({
    ...settings,
    files: [fileOf(rule)],
    query(expr, at) {
      if (real.isBroken) throw new Error('no answer');
      return query(expr, at);
    },
    queryable: real.storage,
    appendable: real.storage,
    sender: { send: alerts => void real.sent.push(...alerts) },
    clock: real.clock,
    logger: silentLogger,
    registry: new Registry(),
    externalUrl: '',
    resendDelay: milliseconds(TIMES.resendDelay),
    forGracePeriod: milliseconds(RESTORE.grace),
    forOutageTolerance: milliseconds(RESTORE.tolerance),
    groupOffset: () => 0,
  });
  manager.start();
  return manager;
}

function createReal(rule: ModelRule): Real {
  const base = {
    clock: createVirtualClock(milliseconds(START + 5 * SECOND)),
    storage: createMemoryStorage(),
    sent: [],
    isBroken: false,
  };
  const real: Real = Object.assign(base, { manager: undefined as never });
  real.manager = startManager(real, rule);
  return real;
}

type Values = Readonly<Record<string, number | undefined>>;

/** Goes to the next evaluation, a second before which the series are written; gives its time. */
async function tick({ clock, storage }: Real, values: Values): Promise<number> {
  const at = (Math.floor(clock.now() / INTERVAL) + 1) * INTERVAL;
  await clock.advance(milliseconds(at - SECOND - clock.now()));
  const appender = storage.appender();
  for (const name of NAMES) {
    const labels = Labels.of({ __name__: 'm', i: name });
    const value = values[name];
    if (value === undefined) appender.appendStale(labels, clock.now());
    else appender.append(labels, clock.now(), value);
  }
  appender.commit();
  await clock.advance(milliseconds(SECOND));
  return at;
}

class Evaluate implements fc.AsyncCommand<Model, Real> {
  readonly values: Values;
  constructor(values: Values) {
    this.values = values;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    real.sent = [];
    const at = await tick(real, this.values);
    expect(sentOf(real)).toEqual(evaluateModel(model, this.values, at));
    expectSame(model, real, at);
  }
  toString = () => `evaluate(${JSON.stringify(this.values)})`;
}

function evaluateModel(model: Model, values: Values, at: number): ModelSend[] {
  const sends: ModelSend[] = [];
  for (const name of NAMES) {
    const evaluated = evaluate(model.rule, model.alerts.get(name), values[name], at);
    if (!evaluated) model.alerts.delete(name);
    else {
      const { alert, sent } = send(name, evaluated, at, TIMES);
      model.alerts.set(name, alert);
      if (sent) sends.push(sent);
    }
  }
  write(model, at);
  if (++model.evaluations === 2) takeUp(model, at);
  return sends;
}

/** Nothing is written until the state of before has been taken up. */
function write(model: Model, at: number): void {
  if (model.evaluations < 2) return;
  const active = [...model.alerts].filter(([, { state }]) => state !== 'inactive');
  for (const name of model.written) model.stored.set(name, { at, activeAt: Number.NaN, isStale: true });
  for (const [name, { activeAt }] of active)
    model.stored.set(name, { at, activeAt: Math.floor(activeAt / SECOND) * SECOND, isStale: false });
  model.written = new Set(active.map(([name]) => name));
}

function takeUp({ rule, alerts, stored }: Model, now: number): void {
  for (const [name, alert] of alerts) alerts.set(name, restore(rule, alert, stored.get(name), now, RESTORE));
}

const sentOf = ({ sent }: Real): ModelSend[] =>
  sent
    .map(({ labels, startsAt, endsAt }): ModelSend => [labels.get('i'), startsAt, endsAt])
    .sort(([a], [b]) => (a < b ? -1 : 1));

function expectSame(model: Model, real: Real, at: number): void {
  const wanted = [...model.alerts]
    .filter(([, { state }]) => state !== 'inactive')
    .map(([name, { state, value, activeAt, keptSince }]) => ({ name, state, value, activeAt, keptSince }));
  const shown = real.manager.alerts().map(({ labels, state, value, activeAt, keepFiringSince }) => ({
    name: labels.get('i'),
    state,
    value,
    activeAt,
    keptSince: keepFiringSince,
  }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(shown.sort(byName)).toEqual(wanted.sort(byName));
  expect(storedOf(real, at)).toEqual(new Map([...model.stored].filter(([, entry]) => entry.at === at)));
}

/** What was written at this time. */
function storedOf({ storage }: Real, at: number): Map<string, ModelStored> {
  const querier = storage.querier(milliseconds(at), milliseconds(at));
  const entries = querier
    .select([])
    .filter(({ labels }) => labels.metricName === 'ALERTS_FOR_STATE')
    .flatMap(({ labels, samples }): [string, ModelStored][] => {
      const { values, start, end } = samples(milliseconds(at), milliseconds(at));
      if (start === end) return [];
      const isStale = isStaleAt(values, start);
      return [[labels.get('i'), { at, activeAt: values[start]! * SECOND, isStale }]];
    });
  return new Map(entries);
}

/** The query fails: everything stays, and nothing is written or sent. */
class Fail implements fc.AsyncCommand<Model, Real> {
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    real.sent = [];
    real.isBroken = true;
    const at = await tick(real, {});
    real.isBroken = false;
    expect(real.sent).toEqual([]);
    if (++model.evaluations === 2) takeUp(model, at);
  }
  toString = () => 'fail';
}

class Reload implements fc.AsyncCommand<Model, Real> {
  readonly rule: ModelRule;
  constructor(rule: ModelRule) {
    this.rule = rule;
  }
  // A group that is exchanged before it has taken up the state of before never does.
  check = ({ evaluations }: Readonly<Model>) => evaluations >= 2;
  async run(model: Model, real: Real): Promise<void> {
    await real.manager.reload([fileOf(this.rule)], settings);
    model.rule = this.rule;
  }
  toString = () => `reload(${JSON.stringify(this.rule)})`;
}

class Restart implements fc.AsyncCommand<Model, Real> {
  readonly down: number;
  constructor(down: number) {
    this.down = down;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    await real.manager.stop();
    // Between two evaluations, so that none comes with the start.
    const from = Math.floor(real.clock.now() / INTERVAL) * INTERVAL + 5 * SECOND;
    await real.clock.advance(milliseconds(from + this.down * INTERVAL - real.clock.now()));
    real.manager = startManager(real, model.rule);
    model.alerts = new Map();
    model.written = new Set();
    model.evaluations = 0;
  }
  toString = () => `restart(${this.down})`;
}

const ruleArbitrary = fc.record({
  for: fc.constantFrom(...DURATIONS),
  keepFiringFor: fc.constantFrom(...DURATIONS),
});
const valueArbitrary = fc.constantFrom(undefined, undefined, 1, 2);
const evaluateArbitrary = fc
  .record({ a: valueArbitrary, b: valueArbitrary })
  .map(values => new Evaluate(values));
/** The same many times over, so that long durations pass. */
const commandsArbitrary = fc.commands(
  [
    evaluateArbitrary,
    evaluateArbitrary,
    evaluateArbitrary,
    fc.constant(new Evaluate({ a: 1, b: 1 })),
    fc.constant(new Evaluate({ a: 1 })),
    fc.constant(new Evaluate({})),
    fc.constant(new Fail()),
    ruleArbitrary.map(rule => new Reload(rule)),
    fc.constantFrom(0, 2, 20, 40).map(down => new Restart(down)),
  ],
  { maxCommands: 60, size: 'max' },
);

it('moves, sends, writes and restores alerts as the model does', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(ruleArbitrary, commandsArbitrary, async (rule, commands) => {
      const setup = () => ({
        model: { rule, alerts: new Map(), stored: new Map(), written: new Set(), evaluations: 0 } as Model,
        real: createReal(rule),
      });
      await fc.asyncModelRun(setup, commands);
    }),
    { numRuns: 500, seed: 5 },
  );
});
