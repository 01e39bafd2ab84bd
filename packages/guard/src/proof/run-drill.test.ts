import { afterAll, describe, expect, it } from 'vitest';
import { type Cause, REMEDIES } from './causes.ts';
import { loadDrill } from './drill-file.ts';
import {
  ALERT,
  createFastClock,
  type FakeStack,
  PAGE_DRILL,
  type Script,
  SILENT_DRILL,
  startFakeStack,
} from './fake-stack.testing.ts';
import { runDrill } from './run-drill.ts';

const running: FakeStack[] = [];
afterAll(async () => {
  await Promise.all(running.map(stack => stack.stopAll()));
});

/** Fast enough for tests, slow enough that an answer over the loopback is in time on a busy machine. */
const FACTOR = 10;

async function setup(script: Script = {}, source = PAGE_DRILL) {
  const clock = createFastClock(FACTOR);
  const stack = await startFakeStack(clock, script);
  running.push(stack);
  const aborter = new AbortController();
  const said: string[] = [];
  const run = (onProgress: (message: string) => void = () => {}) =>
    runDrill(loadDrill('drill.yaml', source), {
      endpoints: stack.endpoints,
      clock,
      signal: aborter.signal,
      onProgress: message => {
        said.push(message);
        onProgress(message);
      },
    });
  return { stack, clock, aborter, said, run };
}

describe.concurrent('a drill that must page', () => {
  it('passes when every stage comes, and measures each beside its prediction', async () => {
    const { run, stack } = await setup();
    const report = await run();
    expect(report.failures).toEqual([]);
    expect(report.passed).toBe(true);
    expect(report.phases.flatMap(({ stages }) => stages.map(({ stage }) => stage))).toEqual([
      'failing responses',
      'samples scraped',
      'burn over threshold',
      'alert firing',
      'at Alertmanager',
      'page delivered',
      'burn below threshold',
      'alert resolved',
      'resolve delivered',
    ]);
    const page = report.phases[1]!.stages.at(-1)!;
    expect(page.measured).toBeGreaterThan(14);
    expect(page.measured).toBeLessThan(20);
    expect(report.figures.map(({ name, bound }) => [name, bound])).toEqual([
      ['first failing response to page', 30],
      ['fault removed to resolve', 60],
      ['window cleared to resolve', 41],
    ]);
    expect(report.notes).toEqual(['trace abc joins shop → stock']);
    expect(stack.faultMode()).toBe('none');
  });

  it.each<[string, Script, string, string, RegExp]>([
    ['the fault ends at once', { backend: 'ignores' }, 'failing responses', 'fault-inactive', /mode none/],
    [
      'the error series is absent',
      { errorsSeries: 'absent' },
      'samples scraped',
      'series-absent',
      /no series/,
    ],
    ['the error series stands still', { errorsSeries: 'flat' }, 'samples scraped', 'series-flat', /still 0/],
    ['recording rules fail', { burnRule: 'failing' }, 'burn over threshold', 'rule-failing', /no data/],
    [
      'the burn stays low',
      { burn: 3 },
      'burn over threshold',
      'condition-unmet',
      /is 3.00, the threshold 14.4/,
    ],
    ['the alert rule fails', { alertRule: 'failing' }, 'alert firing', 'rule-failing', /bad join/],
    ['the alert rule is not met', { alertRule: 'silent' }, 'alert firing', 'condition-unmet', /: ok/],
    ['alerts cannot be sent on', { routed: false }, 'at Alertmanager', 'send-failing', /none/],
    ['the alert is silenced', { held: { silencedBy: ['s1'] } }, 'page delivered', 'silenced', /by s1/],
    ['the alert is inhibited', { held: { inhibitedBy: ['f1'] } }, 'page delivered', 'inhibited', /by f1/],
    ['the route is muted', { held: { mutedBy: ['nights'] } }, 'page delivered', 'muted', /by nights/],
    ['the receiver refuses', { delivery: 'failing' }, 'page delivered', 'delivery-failing', /webhook/],
    [
      'another receiver got it',
      { delivery: 'elsewhere', held: { receiver: 'night' } },
      'page delivered',
      'not-received',
      /for night/,
    ],
    ['the all-clear is not sent', { resolve: 'never' }, 'resolve delivered', 'not-received', /any more/],
  ])('names the broken hop when %s', async (_what, script, stage, cause, evidence) => {
    const { run, stack } = await setup(script);
    const report = await run();
    expect(report.passed).toBe(false);
    expect(report.diagnosis).toMatchObject({ stage, cause, remedy: REMEDIES[cause as Cause] });
    expect(report.diagnosis!.evidence[0]).toMatch(evidence);
    expect(report.failures[0]).toBe(
      `"${stage}" did not come; broken hop: ${report.diagnosis!.hop} (${cause}) [hop-broken]`,
    );
    expect(stack.faultMode()).toBe('none');
  });

  it.each<[string, Script, string, string, RegExp]>([
    ['the target is down', { target: 'down' }, 'samples scraped', 'target-down', /connection refused/],
    ['no target is the gateway', { target: 'missing' }, 'samples scraped', 'target-missing', /"shop"/],
    [
      'recording rules are not loaded',
      { burnRule: 'missing' },
      'burn over threshold',
      'rule-missing',
      /no rule records slo:burn_rate:… for shop\/availability: 1 groups of rules are loaded, of rules.yml/,
    ],
    ['the alert rule is not loaded', { alertRule: 'missing' }, 'alert firing', 'rule-missing', /BurnFast/],
    ['alerts are sent nowhere', { routers: 'none' }, 'at Alertmanager', 'not-sent', /to no router/],
  ])('sets no fault when %s already', async (_what, script, stage, cause, evidence) => {
    const { run, stack } = await setup(script);
    const report = await run();
    expect(report.passed).toBe(false);
    expect(report.diagnosis).toMatchObject({ stage, cause, remedy: REMEDIES[cause as Cause] });
    expect(report.diagnosis!.evidence[0]).toMatch(evidence);
    expect(report.failures).toEqual([
      `"${stage}" cannot come; broken hop: ${report.diagnosis!.hop} (${cause}) [hop-broken]`,
    ]);
    expect(report.notes).toEqual(['no fault was set: the hop is broken already']);
    expect(stack.timesSet('error')).toBe(0);
    expect(report.durationSeconds).toBeLessThan(30);
  });

  it('waits for a target that is only starting', async () => {
    const { run, stack } = await setup({ target: 'missing' });
    const report = await run(message => {
      if (message.startsWith('no scrape target')) delete stack.script.target;
    });
    expect(report.failures).toEqual([]);
  });

  it.each([
    ['is down after that', 'down', 'samples scraped'],
    ['is up after that', undefined, undefined],
  ] as const)('waits for the first scrape of a target, which %s', async (_what, then, stage) => {
    const { run, stack } = await setup({ target: 'unknown' });
    const report = await run(message => {
      if (message.includes('is unknown')) stack.script.target = then;
    });
    expect(report.diagnosis?.stage).toBe(stage);
    expect(stack.timesSet('error')).toBe(stage === undefined ? 1 : 0);
  });

  it('says what is broken already rather than that alerts of it are active', async () => {
    const { run } = await setup({ target: 'down', alertsBefore: ['TargetDown'] });
    expect((await run()).diagnosis).toMatchObject({ cause: 'target-down' });
  });

  it('gives up an overdue stage whose cause lasts, without waiting as long as the file allows', async () => {
    const { run, stack } = await setup({}, PAGE_DRILL.replace('within: 30s', 'within: 30m'));
    const report = await run(message => {
      if (message.startsWith('fault active')) stack.script.target = 'down';
    });
    expect(report.diagnosis).toMatchObject({ stage: 'samples scraped', cause: 'target-down' });
    expect(report.durationSeconds).toBeLessThan(60);
    expect(stack.faultMode()).toBe('none');
  });

  it('names the gateway that went away during the drill', async () => {
    const { run, stack } = await setup();
    const report = await run(message => {
      if (message.startsWith('fault active')) void stack.stop('gateway');
    });
    // It may have failed some requests before: then it is its target that shows no samples.
    expect(['gateway-unanswered', 'series-flat']).toContain(report.diagnosis?.cause);
  });

  it('names a part that hangs, without waiting for it longer than for the stage', async () => {
    const { run, stack } = await setup();
    const report = await run(message => {
      if (message === 'at Alertmanager') stack.script.hangs = new Set(['alertmanager']);
      if (message === 'alert firing') stack.script.delivery = 'failing';
    });
    expect(report.diagnosis).toMatchObject({ stage: 'page delivered', cause: 'part-unreachable' });
    expect(report.diagnosis!.evidence[0]).toMatch(/no answer within 5 s/);
  });

  it('fails when a bound of its file is broken', async () => {
    const { run } = await setup({}, PAGE_DRILL.replace('within: 30s', 'within: 10s'));
    expect((await run()).failures[0]).toMatch(
      /^first failing response to page took 1\d\.\d s, bound 10\.0 s \(the drill file: within\) \[bound-broken\]$/,
    );
  });

  it('fails when something unwanted is delivered', async () => {
    const { run } = await setup({ extraPage: 'TargetDown' });
    expect((await run()).failures).toEqual(['TargetDown was delivered, and must not be [page-unwanted]']);
  });

  it.each<[string, Script, string, string, RegExp]>([
    [
      'spans of both are there, and no trace joins them',
      { traces: 'disjoint' },
      'shop → stock',
      'spans-not-joined',
      /1 traces of shop and 1 traces of stock/,
    ],
    [
      'nobody tells what the Collector does',
      { traces: 'none' },
      'services → Collector → trace store',
      'spans-missing',
      /no target of Prometheus tells/,
    ],
    [
      'the Collector gets no spans',
      { traces: 'none', collector: { accepted: 0, sent: 0 } },
      'services → Collector',
      'spans-not-sent',
      /took 0 spans/,
    ],
    [
      'the Collector sends its spans elsewhere',
      { traces: 'none', collector: { accepted: 20, sent: 20 } },
      'Collector → trace store',
      'spans-not-stored',
      /took 20 spans since the drill began and sent 20 to debug/,
    ],
  ])('pages, and names the hop of the trace, when %s', async (_what, script, hop, cause, evidence) => {
    const { run } = await setup(script);
    const report = await run();
    expect(report.failures).toEqual([
      `no trace joins shop → stock; broken hop: ${hop} (${cause}) [hop-broken]`,
    ]);
    expect(report.diagnosis).toMatchObject({ stage: 'joined trace', hop, cause });
    expect(report.diagnosis!.evidence.join('\n')).toMatch(evidence);
    expect(report.phases[1]!.stages.at(-1)!.measured).toBeLessThan(20);
  });

  it('fails when the backend keeps the fault', async () => {
    const { run, stack } = await setup({ backend: 'sticky' });
    expect((await run()).failures[0]).toMatch(/could not be removed .* still says mode error/);
    expect(stack.timesSet('none')).toBeGreaterThanOrEqual(3);
  });
});

describe.concurrent('a drill that must stay silent', () => {
  it('passes when the burn is visible and nothing fires', async () => {
    const { run, stack } = await setup({ burn: 2 }, SILENT_DRILL);
    const report = await run();
    expect(report.failures).toEqual([]);
    expect(report.notes[0]).toBe('predicted: BurnFast never fires at 2 %, it needs more than 14.4 %');
    expect(report.notes[1]).toContain('reached 2.00');
    expect(stack.faultMode()).toBe('none');
  });

  it('fails when the burn never becomes visible', async () => {
    const { run } = await setup({ burn: 0.5 }, SILENT_DRILL);
    const report = await run();
    expect(report.diagnosis).toBeUndefined();
    expect(report.failures).toEqual([
      'the burn rate reached 0.50 only, not 1: silence proves nothing [silence-empty]',
    ]);
  });

  it('names the hop at which the failures were lost', async () => {
    const { run } = await setup({ burnRule: 'failing' }, SILENT_DRILL);
    expect((await run()).diagnosis).toMatchObject({ stage: 'burn over threshold', cause: 'rule-failing' });
  });

  it('fails when an alert fires whose page is still on its way', async () => {
    const { run } = await setup({}, SILENT_DRILL.replace('[TargetDown]', `[${ALERT}]`));
    expect((await run()).failures).toEqual([`${ALERT} fired, and must not [alert-unwanted]`]);
  });

  it('fails when a page is delivered', async () => {
    const { run } = await setup({ burn: 2, extraPage: 'TargetDown' }, SILENT_DRILL);
    expect((await run()).failures).toEqual(['TargetDown was delivered, and must not be [page-unwanted]']);
  });

  it('fails when it forbids an alert that no rule has', async () => {
    const { run } = await setup({ burn: 2 }, SILENT_DRILL.replace('[TargetDown]', '[TargetDwon]'));
    expect((await run()).failures).toEqual([
      'TargetDwon is under `never`, and no alert rule has that name: its silence proves nothing [never-unknown]',
    ]);
  });
});

describe.concurrent('a stack that is not fit', () => {
  it.each<[string, Script, string]>([
    ['a fault is active', { faultMode: 'error' }, 'drill-fault-active'],
    ['its alert is firing', { alertsBefore: [ALERT] }, 'drill-alert-active'],
    ['a forbidden alert is firing', { alertsBefore: ['TargetDown'] }, 'drill-alert-active'],
    ['the backend refuses the fault', { backend: 'refuses' }, 'drill-fault-refused'],
    ['the router hangs', { hangs: new Set(['alertmanager']) }, 'drill-unreachable'],
  ])('is told as a user error when %s', async (_what, script, code) => {
    const { run } = await setup(script);
    await expect(run()).rejects.toMatchObject({ name: 'UserError', code });
  });

  it('is told with every part that does not answer', async () => {
    const { run, stack } = await setup();
    await stack.stop('gateway');
    await stack.stop('receiver');
    const error = await run().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'UserError', code: 'drill-unreachable' });
    expect((error as Error).message).toContain(stack.endpoints.gateway);
    expect((error as Error).message).toContain(`${stack.endpoints.receiver}/api/notifications`);
    expect((error as Error).message).toContain(
      'broken hop: Alertmanager → receiver: the receiver does not answer',
    );
    expect((error as Error).message).toContain('remedy:');
    expect(stack.timesSet('none')).toBe(0);
  });

  it('is told when another service listens at an address', async () => {
    const { stack, clock, aborter } = await setup();
    const endpoints = { ...stack.endpoints, prometheus: stack.endpoints.gateway };
    const drill = loadDrill('drill.yaml', PAGE_DRILL);
    await expect(
      runDrill(drill, { endpoints, clock, signal: aborter.signal, onProgress: () => {} }),
    ).rejects.toMatchObject({ code: 'drill-bad-answer' });
  });
});

describe.concurrent('the fault', () => {
  it('is removed when the drill is interrupted', async () => {
    const { run, stack, aborter } = await setup();
    const reason = new Error('interrupted');
    const done = run(message => message === 'alert firing' && aborter.abort(reason));
    await expect(done).rejects.toBe(reason);
    expect(stack.faultMode()).toBe('none');
  });

  it('is removed when the drill is interrupted while a part hangs', async () => {
    const { run, stack, aborter } = await setup();
    const done = run(message => {
      if (message !== 'alert firing') return;
      stack.script.hangs = new Set(['prometheus', 'receiver', 'alertmanager']);
      aborter.abort(new Error('interrupted'));
    });
    await expect(done).rejects.toThrow('interrupted');
    expect(stack.faultMode()).toBe('none');
  });

  it('is removed when something throws', async () => {
    const { run, stack } = await setup();
    const done = run(message => {
      if (message === 'samples scraped') throw new Error('the terminal is gone');
    });
    await expect(done).rejects.toThrow('the terminal is gone');
    expect(stack.faultMode()).toBe('none');
  });

  it('is told when it cannot be removed, with its lease', async () => {
    const { run, stack, aborter, said } = await setup();
    const done = run(message => {
      if (message !== 'alert firing') return;
      stack.script.hangs = new Set(['backend']);
      aborter.abort(new Error('interrupted'));
    });
    await expect(done).rejects.toThrow('interrupted');
    expect(said.at(-1)).toMatch(/could not be removed \(it ends by itself 105 s after it was set\)/);
  });
});
