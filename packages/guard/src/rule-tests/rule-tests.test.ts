import { describe, expect, it } from 'vitest';
import type { TextFile } from '../config/index.ts';
import { createVirtualClock, milliseconds, UserError } from '../core/index.ts';
import { isGood, renderDiff, renderFailure, renderTestJunit, runRuleTestFile } from './index.ts';
import { loadRuleTestFile } from './load-test-file.ts';

const RULES = `
groups:
  - name: first
    rules:
      - record: doubled
        expr: m * 2
  - name: second
    rules:
      - alert: High
        expr: doubled > 4
        for: 2m
        labels: { severity: page }
        annotations: { text: 'is {{ $value }}', none: '{{ $labels.nope }}' }
`;

/** Runs a test file beside the rules above; `tests` is YAML of its groups. */
async function run(tests: string, { head = '', rules = RULES, wanted = /(?:)/ } = {}) {
  const files: Record<string, string> = {
    't.yml': `rule_files: [${import.meta.dirname}/index.ts]\n${head}\ntests:\n${tests}`,
    [`${import.meta.dirname}/index.ts`]: rules,
  };
  const readFile = (file: string): TextFile => {
    const text = files[file];
    if (text === undefined) throw new UserError('unreadable-file', `${file} is not there`);
    return { file, text };
  };
  const clock = createVirtualClock(milliseconds(0));
  return runRuleTestFile('t.yml', { clock, readFile, isWanted: name => wanted.test(name) });
}

const failuresOf = ({ groups }: Awaited<ReturnType<typeof run>>) =>
  groups.flatMap(({ name, failures }) => failures.map(failure => renderFailure(failure, name)));

const RISING = `
  - name: rising
    input_series: [{ series: 'm{a="x"}', values: '1+1x10' }]
`;

describe('a test of rules', () => {
  it('passes when alerts and samples are as wanted', async () => {
    const outcome = await run(`${RISING}
    alert_rule_test:
      - { eval_time: 3m, alertname: High, exp_alerts: [] }
      - eval_time: 4m
        alertname: High
        exp_alerts:
          - exp_labels: { a: x, severity: page }
            exp_annotations: { text: is 10, none: '' }
    promql_expr_test:
      - { expr: doubled, eval_time: 4m, exp_samples: [{ labels: 'doubled{a="x"}', value: 10 }] }
      - { expr: 1 + 1, eval_time: 0, exp_samples: [{ value: 2 }] }
      - { expr: nothing, eval_time: 0 }
`);
    expect(failuresOf(outcome)).toEqual([]);
    expect(isGood(outcome)).toBe(true);
  });

  it('says what is wanted, what came, and where that stands', async () => {
    const outcome = await run(`${RISING}
    alert_rule_test:
      - { eval_time: 4m, alertname: High, exp_alerts: [] }
    promql_expr_test:
      - { expr: m, eval_time: 1m, exp_samples: [{ labels: m, value: 2 }] }
`);
    const [alerts, samples] = failuresOf(outcome);
    expect(alerts).toContain('t.yml:9:9: alertname: High, time: 4m,\n        exp:[],\n        got:[');
    expect(alerts).toContain('Labels:{a="x", alertname="High", severity="page"}');
    expect(samples).toBe(
      '    name: rising,\n    t.yml:11:9: expr: "m", time: 1m,\n        exp: m 2e+00\n        got: m{a="x"} 2e+00',
    );
    const failure = outcome.groups[0]!.failures[1]!;
    if (failure.kind !== 'samples') throw new Error('no samples');
    const plain = { missing: (text: string) => text, extra: (text: string) => text };
    expect(renderDiff(failure, plain)).toBe('        - m 2\n        + m{a="x"} 2');
  });

  it('ends at the first evaluation in which a rule fails', async () => {
    const outcome = await run(
      `${RISING}
    promql_expr_test: [{ expr: m, eval_time: 3m }]
`,
      {
        rules: 'groups: [{ name: g, rules: [{ record: r, expr: m + on() group_left() (m or vector(1)) }] }]',
      },
    );
    expect(failuresOf(outcome)[0]).toContain('rule: r, time: 0s, err: ');
    expect(failuresOf(outcome)).toHaveLength(1);
  });

  it('evaluates the groups of the order first', async () => {
    const rules = `groups:
  - { name: a, rules: [{ record: late, expr: early }] }
  - { name: b, rules: [{ record: early, expr: m }] }`;
    const tests = `${RISING}
    promql_expr_test: [{ expr: late, eval_time: 0, exp_samples: [{ labels: 'late{a="x"}', value: 1 }] }]
`;
    expect(isGood(await run(tests, { rules }))).toBe(false);
    expect(isGood(await run(tests, { rules, head: 'group_eval_order: [b, a]' }))).toBe(true);
  });

  it('lets values differ in the last bit only where it is told to', async () => {
    const tests = `${RISING}
    promql_expr_test: [{ expr: 0.1 + 0.2, eval_time: 0, exp_samples: [{ value: 0.3 }] }]
`;
    expect(isGood(await run(tests))).toBe(false);
    expect(isGood(await run(tests, { head: 'fuzzy_compare: yes' }))).toBe(true);
  });

  it('begins when it is told to, with labels and an address from outside', async () => {
    const outcome = await run(
      `
  - start_timestamp: 2026-07-01T00:00:00Z
    external_labels: { env: prod }
    external_url: http://here
    input_series: [{ series: m, values: '0 _ stale 3 4' }]
    alert_rule_test:
      - eval_time: 0
        alertname: A
        exp_alerts: [{ exp_labels: { env: prod }, exp_annotations: { at: http://here } }]
    promql_expr_test:
      - { expr: time(), eval_time: 1m, exp_samples: [{ value: 1782864060 }] }
      - { expr: m, eval_time: 1m, exp_samples: [{ labels: m, value: 0 }] }
      - { expr: m, eval_time: 2m }
`,
      {
        rules:
          'groups: [{ name: g, rules: [{ alert: A, expr: vector(1), labels: { env: "{{ $externalLabels.env }}" }, annotations: { at: "{{ $externalURL }}" } }] }]',
      },
    );
    expect(failuresOf(outcome)).toEqual([]);
  });

  it('runs the groups that are wanted', async () => {
    const outcome = await run(
      `
  - { name: good, promql_expr_test: [] }
  - { name: bad, promql_expr_test: [{ expr: 'sum(', eval_time: 0 }] }
  - { promql_expr_test: [{ expr: '1', eval_time: 0 }] }
`,
      { wanted: /^good$/ },
    );
    expect(outcome.groups.map(({ title }) => title)).toEqual(['good']);
    expect(isGood(outcome)).toBe(true);
  });

  it.each([
    ['native histograms among series', "[{ series: m, values: '{{sum:3 count:2}}' }]", 'native histograms'],
    ['a broken series', "[{ series: 'm{a=', values: '1' }]", 'malformed labels'],
  ])('refuses %s by name', async (_, series, message) => {
    const outcome = await run(`  - { input_series: ${series} }\n`);
    expect(failuresOf(outcome)[0]).toContain(message);
  });

  it('refuses native histograms among expected samples by name', async () => {
    const tests =
      "  - { promql_expr_test: [{ expr: m, eval_time: 0, exp_samples: [{ labels: m, histogram: '{{}}' }] }] }\n";
    expect(failuresOf(await run(tests))[0]).toContain('native histograms are not supported');
  });

  it('fails with the place in a rule file that is broken', async () => {
    const outcome = await run('  - { name: a }\n', {
      rules: 'groups: [{ name: g, rules: [{ record: r }] }]',
    });
    expect(failuresOf(outcome)[0]).toMatch(/index\.ts:1:\d+: a rule needs an expr/);
  });

  it('is told as JUnit XML', async () => {
    const outcome = await run(`${RISING}
    promql_expr_test: [{ expr: m < 0 or vector(1), eval_time: 0 }]
  - { name: '<odd> & "quoted"' }
`);
    const xml = renderTestJunit([outcome], milliseconds(1_782_864_000_000));
    expect(xml).toContain(
      '<testsuite name="t.yml" tests="2" failures="1" errors="0" skipped="0" timestamp="2026-07-01T00:00:00">',
    );
    expect(xml).toContain('<testcase name="rising" time="0.000"><failure>');
    expect(xml).toContain('expr: &#34;m &#60; 0 or vector(1)&#34;');
    expect(xml).toContain('<testcase name="&#60;odd&#62; &#38; &#34;quoted&#34;" time="0.000"></testcase>');
  });
});

describe('a test file', () => {
  it.each([
    ['an unknown key', 'tests: [{ nope: 1 }]', 'unknown-field'],
    ['a bad duration', 'evaluation_interval: 5', 'bad-value'],
    ['a group twice in the order', 'group_eval_order: [a, a]', 'duplicate-group'],
    ['an alert without a name', 'tests: [{ alert_rule_test: [{ eval_time: 0 }] }]', 'missing-field'],
    [
      'a value in quotes',
      'tests: [{ promql_expr_test: [{ expr: a, exp_samples: [{ value: "1" }] }] }]',
      'bad-value',
    ],
    ['a bad start', 'tests: [{ start_timestamp: yesterday }]', 'bad-value'],
    ['broken YAML', 'tests: [', 'bad-yaml'],
  ])('is refused for %s, with its place', (_, text, code) => {
    try {
      loadRuleTestFile('t.yml', text);
      expect.unreachable();
    } catch (error) {
      expect((error as UserError).problems[0]).toMatchObject({ code, position: { file: 't.yml', line: 1 } });
    }
  });

  it('has defaults', () => {
    expect(loadRuleTestFile('t.yml', 'tests: [{}]')).toMatchObject({
      evaluationInterval: 60_000,
      tests: [{ interval: 60_000, startTimestamp: 0, name: '' }],
    });
    expect(loadRuleTestFile('t.yml', '').tests).toEqual([]);
  });
});
