import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import { createEngine, isStaleAt, printExpr } from '../promql/index.ts';
import { createMemoryStorage } from '../promql/testing.ts';
import {
  createRuleManager,
  createRuleQuery,
  loadRuleFile,
  type OutgoingAlert,
  type RuleManagerOptions,
} from './index.ts';

const START = 1_700_000_000_000;
const SECOND = 1000;

const SETTINGS = {
  evaluationInterval: milliseconds(10 * SECOND),
  queryOffset: milliseconds(0),
  externalLabels: Labels.of({ cluster: 'c' }),
};

/** A manager whose group `g` is evaluated at once and every 10 s; `rules` is YAML of its rules. */
function setup(
  rules: string,
  {
    storage = createMemoryStorage(),
    clock = createVirtualClock(milliseconds(START)),
    group = '',
    options = {} as Partial<RuleManagerOptions>,
  } = {},
) {
  const engine = createEngine({ lookbackDelta: milliseconds(300_000), maxSamples: 1_000_000 });
  const sent: OutgoingAlert[] = [];
  const filesOf = (text: string, extra = group) => [
    loadRuleFile('r.yml', `groups:\n- name: g\n  ${extra}\n  rules:\n${text}`),
  ];
  const registry = new Registry();
  const manager = createRuleManager({
    files: filesOf(rules),
    query: createRuleQuery(engine, storage),
    queryable: storage,
    appendable: storage,
    sender: { send: alerts => void sent.push(...alerts) },
    clock,
    logger: silentLogger,
    registry,
    ...SETTINGS,
    externalUrl: 'http://guard',
    groupOffset: (_, interval) => clock.now() % interval,
    ...options,
  });
  const write = (name: string, labels: Record<string, string>, value: number | 'stale') => {
    const appender = storage.appender();
    const series = Labels.of({ __name__: name, ...labels });
    if (value === 'stale') appender.appendStale(series, clock.now());
    else appender.append(series, clock.now(), value);
    appender.commit();
  };
  /** All samples of a metric, as `label values value@seconds`. */
  const read = (name: string) => {
    const querier = storage.querier(milliseconds(0), milliseconds(START * 2));
    return querier
      .select([])
      .filter(series => series.labels.metricName === name)
      .map(({ labels, samples }) => {
        const { timestamps, values, start, end } = samples(milliseconds(0), milliseconds(START * 2));
        const shown = Array.from({ length: end - start }, (_, i) => {
          const at = start + i;
          return `${isStaleAt(values, at) ? 'stale' : values[at]}@${(timestamps[at]! - START) / SECOND}`;
        });
        return `${labels.get('alertstate') || labels.get('i')}: ${shown.join(' ')}`;
      });
  };
  const advance = (seconds: number) => clock.advance(milliseconds(seconds * SECOND));
  const state = () => manager.groups()[0]!.rules[0]!;
  return { manager, storage, clock, sent, write, read, advance, state, filesOf, registry };
}

const ALERT = '  - { alert: A, expr: m > 0';

describe('an alerting rule', () => {
  it('fires after `for`, sends, resolves and forgets', async () => {
    const { manager, write, advance, sent, state, read } = setup(
      `${ALERT}, for: 20s, labels: { severity: page, v: "{{ $labels.i }}" }, annotations: { s: "{{ $value }} of {{ $labels.__name__ }}" } }`,
    );
    write('m', { i: 'x' }, 1);
    manager.start();
    await advance(0);
    expect(state()).toMatchObject({
      state: 'pending',
      health: 'ok',
      alerts: [{ state: 'pending', activeAt: START, value: 1 }],
    });
    await advance(10);
    expect(sent).toEqual([]);
    await advance(10);
    expect(state().state).toBe('firing');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      startsAt: START + 20 * SECOND,
      endsAt: START + 20 * SECOND + 240 * SECOND,
      generatorUrl: 'http://guard/graph?g0.expr=m+%3E+0&g0.tab=1',
    });
    expect(sent[0]!.labels.toObject()).toEqual({
      alertname: 'A',
      i: 'x',
      severity: 'page',
      v: 'x',
    });
    expect(sent[0]!.annotations.toObject()).toEqual({ s: '1 of m' });
    write('m', { i: 'x' }, 0);
    await advance(10);
    expect(state().state).toBe('inactive');
    expect(manager.alerts()).toEqual([]);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ startsAt: START + 20 * SECOND, endsAt: START + 30 * SECOND });
    // The first two evaluations wait for the restoration.
    expect(read('ALERTS')).toEqual(['firing: 1@20 stale@30']);
    expect(read('ALERTS_FOR_STATE')).toEqual([`x: ${START / SECOND}@20 stale@30`]);
    await manager.stop();
  });

  it('fires at once without `for`, and the pending series goes stale at the transition', async () => {
    const { manager, write, advance, read, state } = setup(`${ALERT}, for: 10s }`);
    manager.start();
    await advance(30);
    write('m', { i: 'x' }, 1);
    await advance(20);
    expect(state().state).toBe('firing');
    expect(read('ALERTS')).toEqual(['firing: 1@50', 'pending: 1@40 stale@50']);
  });

  it('deletes a pending alert as soon as it is absent', async () => {
    const { manager, write, advance, sent, state } = setup(`${ALERT}, for: 1m }`);
    write('m', {}, 1);
    manager.start();
    await advance(5);
    write('m', {}, 0);
    await advance(5);
    expect(state()).toMatchObject({ state: 'inactive', alerts: [] });
    expect(sent).toEqual([]);
  });

  it('keeps firing for keep_firing_for', async () => {
    const { manager, write, advance, state } = setup(`${ALERT}, keep_firing_for: 30s }`);
    write('m', {}, 1);
    manager.start();
    await advance(5);
    write('m', {}, 0);
    await advance(5);
    expect(state().alerts[0]).toMatchObject({ state: 'firing', keepFiringSince: START + 10 * SECOND });
    await advance(20);
    expect(state().state).toBe('firing');
    await advance(10);
    expect(state().state).toBe('inactive');
  });

  it('sends again strictly after the resend delay, and a resolved alert for 15 minutes', async () => {
    const { manager, write, advance, sent, clock } = setup(`${ALERT} }`, {
      options: { resendDelay: milliseconds(20 * SECOND) },
    });
    write('m', {}, 1);
    manager.start();
    await advance(60);
    expect(sent.map(alert => (alert.endsAt - START) / SECOND)).toEqual([80, 110, 140]);
    write('m', {}, 0);
    await advance(10);
    expect(sent.at(-1)!.endsAt).toBe(START + 70 * SECOND);
    await advance(2000);
    const resolved = sent.filter(alert => alert.endsAt === START + 70 * SECOND);
    expect(resolved.length).toBe(31);
    expect(clock.now()).toBe(START + 2070 * SECOND);
  });

  it('keeps its state and writes nothing while its query fails', async () => {
    let fails = false;
    const storage = createMemoryStorage();
    const engine = createEngine({ lookbackDelta: milliseconds(300_000), maxSamples: 1_000_000 });
    const query = createRuleQuery(engine, storage);
    const failing: RuleManagerOptions['query'] = (expr, at) => {
      if (fails) throw new Error('no answer');
      return query(expr, at);
    };
    const { manager, write, advance, state, read, registry } = setup(`${ALERT} }`, {
      storage,
      options: { query: failing },
    });
    write('m', {}, 1);
    manager.start();
    await advance(20);
    fails = true;
    await advance(10);
    expect(state()).toMatchObject({ state: 'firing', health: 'err', lastError: 'no answer' });
    fails = false;
    await advance(10);
    expect(state()).toMatchObject({ health: 'ok', lastError: '', alerts: [{ activeAt: START }] });
    expect(read('ALERTS')).toEqual(['firing: 1@20 1@40']);
    expect(await registry.metrics()).toContain(
      'prometheus_rule_evaluation_failures_total{rule_group="r.yml;g"} 1',
    );
  });

  it('loses its alerts when the limit is exceeded', async () => {
    const { manager, write, advance, state } = setup(`${ALERT} }`, { group: 'limit: 1' });
    write('m', { i: '1' }, 1);
    manager.start();
    await advance(0);
    write('m', { i: '2' }, 1);
    await advance(10);
    expect(state()).toMatchObject({ health: 'err', alerts: [] });
    expect(state().lastError).toContain('exceeded limit of 1 with 2 alerts');
  });

  it('fails on two alerts of equal labels', async () => {
    const { manager, write, advance, state } = setup(`${ALERT}, labels: { i: same } }`);
    write('m', { i: '1' }, 1);
    write('m', { i: '2' }, 1);
    manager.start();
    await advance(0);
    expect(state().lastError).toContain('same labelset');
  });

  it('keeps the alerts that it has while results collide, and says so', async () => {
    const { manager, write, advance, state } = setup(`${ALERT}, labels: { i: same } }`);
    write('m', { i: '1' }, 1);
    manager.start();
    await advance(0);
    const [before] = state().alerts;
    write('m', { i: '2' }, 1);
    await advance(10);
    expect(state()).toMatchObject({
      health: 'err',
      lastError: 'vector contains metrics with the same labelset after applying alert labels',
      alerts: [{ state: 'firing', activeAt: before!.activeAt }],
    });
    write('m', { i: '2' }, 'stale');
    await advance(10);
    expect(state()).toMatchObject({
      health: 'ok',
      alerts: [{ state: 'firing', activeAt: before!.activeAt }],
    });
  });

  it.each([
    ['never ends', '{{ range 100000000 }}{{ end }}', 'for steps'],
    ['calls itself', '{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}', 'for depth'],
    [
      'writes without end',
      '{{ range 90000 }}0123456789012345678901234567890123456789{{ end }}',
      'for outputLength',
    ],
  ])('fires though a template of it %s, and the rules after it are evaluated', async (_what, text, why) => {
    const { manager, write, advance, state } = setup(
      `${ALERT}, annotations: { a: '${text}' } }\n  - { alert: After, expr: m > 0 }`,
    );
    write('m', { i: '1' }, 1);
    manager.start();
    await advance(0);
    expect(state()).toMatchObject({ health: 'ok', alerts: [{ state: 'firing' }] });
    expect(state().alerts[0]!.annotations.get('a')).toMatch(
      new RegExp(`^<error expanding template: .*${why}`, 's'),
    );
    expect(manager.groups()[0]!.rules[1]).toMatchObject({ health: 'ok', alerts: [{ state: 'firing' }] });
  });

  it('says in the text that a template failed', async () => {
    const { manager, write, advance, state } = setup(
      `${ALERT}, annotations: { a: "{{ humanize \\"x\\" }}", b: "{{ (query \\"m\\" | first).Value }}", c: "{{ range query \\"m\\" }}{{ .Labels.i }}{{ end }}" } }`,
    );
    write('m', { i: 'k' }, 2);
    manager.start();
    await advance(0);
    const annotations = state().alerts[0]!.annotations;
    expect(annotations.get('a')).toContain('<error expanding template: ');
    expect([annotations.get('b'), annotations.get('c')]).toEqual(['2', 'k']);
  });
});

describe('a restart', () => {
  async function restart(rule: string, before: number, down: number) {
    const storage = createMemoryStorage();
    const first = setup(rule, { storage });
    first.write('m', {}, 1);
    first.manager.start();
    for (let i = 0; i < before / 10; i++) {
      await first.advance(10);
      first.write('m', {}, 1);
    }
    await first.manager.stop();
    await first.advance(down);
    const second = setup(rule, { storage, clock: first.clock });
    second.write('m', {}, 1);
    second.manager.start();
    await second.advance(10);
    return second;
  }

  it('lets an alert that was firing fire on with its old time', async () => {
    const { state, advance, sent } = await restart(`${ALERT}, for: 30s }`, 60, 120);
    await advance(10);
    expect(state().alerts[0]).toMatchObject({ state: 'firing', activeAt: START });
    expect(sent).toHaveLength(1);
  });

  it('starts a short pending alert anew', async () => {
    const { state, advance } = await restart(`${ALERT}, for: 2m }`, 60, 60);
    await advance(10);
    expect(state().alerts[0]).toMatchObject({ state: 'pending', activeAt: START + 120 * SECOND });
  });

  it('shifts a long pending alert by the time away', async () => {
    const { state } = await restart(`${ALERT}, for: 1h }`, 60, 60);
    // The last sample before stands at 60 s, the restoration at 130 s.
    expect(state().alerts[0]).toMatchObject({ state: 'pending', activeAt: START + 70 * SECOND });
  });

  it('does not take up what is older than the tolerance', async () => {
    const { state, advance } = await restart(`${ALERT}, for: 30s }`, 60, 4000);
    await advance(10);
    expect(state().alerts[0]!.state).toBe('pending');
  });
});

describe('groups', () => {
  it('go on beside one that takes long, whose rules stay in order and whose missed evaluations are counted', async () => {
    const virtual = createVirtualClock(milliseconds(START));
    let spent = 0;
    const clock: typeof virtual = {
      ...virtual,
      monotonic: () => milliseconds(virtual.monotonic() + spent),
      // The pause after a rule that took long is where others have their turn.
      sleep: (delay, signal) => virtual.sleep(milliseconds(delay === 0 ? 25 * SECOND : delay), signal),
    };
    const evaluated: string[] = [];
    const { manager, advance, registry } = setup('', {
      clock,
      options: {
        files: [
          loadRuleFile(
            'r.yml',
            `groups:
- { name: slow, rules: [{ record: first, expr: vector(1) }, { record: second, expr: vector(2) }] }
- { name: quick, rules: [{ record: third, expr: vector(3) }] }
`,
          ),
        ],
        query: (expr, at) => {
          const which = printExpr(expr);
          evaluated.push(`${which} for ${(at - START) / SECOND}`);
          if (which === 'vector(1)') spent += 100;
          return [];
        },
      },
    });
    manager.start();
    await advance(30);
    expect(evaluated.filter(each => each.startsWith('vector(3)'))).toEqual(
      [0, 10, 20, 30].map(at => `vector(3) for ${at}`),
    );
    expect(evaluated.filter(each => !each.startsWith('vector(3)'))).toEqual([
      'vector(1) for 0',
      'vector(2) for 0',
      'vector(1) for 30',
    ]);
    const figures = await registry.metrics();
    for (const [group, missed, all] of [
      ['slow', 2, 4],
      ['quick', 0, 4],
    ]) {
      expect(figures).toContain(`iterations_missed_total{rule_group="r.yml;${group}"} ${missed}\n`);
      expect(figures).toContain(`iterations_total{rule_group="r.yml;${group}"} ${all}\n`);
    }
  });
});

describe('a recording rule', () => {
  it('records, marks what vanishes stale, and feeds the rules after it', async () => {
    const { manager, write, advance, read } = setup(
      '  - { record: r, expr: sum by(i) (m), labels: { extra: e } }\n  - { record: s, expr: r * 2 }',
    );
    write('m', { i: 'a' }, 1);
    write('m', { i: 'b' }, 2);
    manager.start();
    await advance(5);
    write('m', { i: 'b' }, 'stale');
    await advance(5);
    expect(read('r')).toEqual(['a: 1@0 1@10', 'b: 2@0 stale@10']);
    expect(read('s')).toEqual(['a: 2@0 2@10', 'b: 4@0 stale@10']);
  });

  it('discards everything above the limit and keeps what it had', async () => {
    const { manager, write, advance, read, state } = setup('  - { record: r, expr: m + 0 }', {
      group: 'limit: 1',
    });
    write('m', { i: 'a' }, 1);
    manager.start();
    await advance(0);
    write('m', { i: 'b' }, 2);
    await advance(10);
    expect(read('r')).toEqual(['a: 1@0']);
    expect(state().lastError).toContain('exceeded limit of 1 with 2 series');
  });

  it('reads and writes at the query offset', async () => {
    const { manager, write, advance, read } = setup('  - { record: r, expr: m + 0 }', {
      group: 'query_offset: 5s',
    });
    write('m', { i: 'a' }, 1);
    manager.start();
    await advance(10);
    expect(read('r')).toEqual(['a: 1@5']);
  });
});

describe('a reload', () => {
  it('keeps the alerts of rules with equal name and labels', async () => {
    const { manager, write, advance, filesOf, state } = setup(`${ALERT}, for: 20s }`);
    write('m', {}, 1);
    manager.start();
    await advance(20);
    await manager.reload(filesOf('  - { alert: A, expr: m > 0.5, for: 20s }'), SETTINGS);
    await advance(10);
    expect(state()).toMatchObject({
      rule: { query: 'm > 0.5' },
      state: 'firing',
      alerts: [{ activeAt: START }],
    });
  });

  it('evaluates once for an instant, though it comes right at an evaluation', async () => {
    const { manager, write, advance, filesOf, sent, registry } = setup(`${ALERT} }`);
    write('m', {}, 1);
    manager.start();
    await advance(20);
    await manager.reload(filesOf(`${ALERT}, for: 20s }`), SETTINGS);
    write('m', {}, 0);
    await advance(10);
    expect(await registry.metrics()).toContain('prometheus_rule_evaluations_total{rule_group="r.yml;g"} 4');
    // Evaluated twice it would have been pending in between, and nobody would hear that it resolved.
    expect(sent.at(-1)).toMatchObject({ endsAt: START + 30 * SECOND });
  });

  it('sends firing back to pending when `for` was raised', async () => {
    const { manager, write, advance, filesOf, state } = setup(`${ALERT} }`);
    write('m', {}, 1);
    manager.start();
    await advance(20);
    await manager.reload(filesOf(`${ALERT}, for: 1h }`), SETTINGS);
    await advance(10);
    expect(state()).toMatchObject({ alerts: [{ state: 'pending', activeAt: START }] });
  });

  it('does not know a rule whose labels changed, and marks its series stale', async () => {
    const { manager, write, advance, filesOf, state, read } = setup('  - { record: r, expr: m + 0 }');
    write('m', { i: 'a' }, 1);
    manager.start();
    await advance(15);
    await manager.reload(filesOf('  - { record: q, expr: m + 0 }'), SETTINGS);
    await advance(10);
    expect(state().rule.name).toBe('q');
    expect(read('r')).toEqual(['a: 1@0 1@10 stale@15']);
  });

  it('marks the series of a removed group stale after two intervals', async () => {
    const { manager, write, advance, read, registry } = setup('  - { record: r, expr: m + 0 }');
    write('m', { i: 'a' }, 1);
    manager.start();
    await advance(5);
    await manager.reload([], SETTINGS);
    await advance(21);
    expect(manager.groups()).toEqual([]);
    expect(await registry.metrics()).not.toContain('rule_group="r.yml;g"');
    expect(read('r')).toEqual(['a: 1@0 stale@5']);
  });
});
