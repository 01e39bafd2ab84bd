import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { loadRuleFile } from './index.ts';

const problemsOf = (text: string) => {
  try {
    loadRuleFile('rules.yml', text);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error('accepted');
};
const withRule = (rule: string) => `groups:\n  - name: g\n    rules:\n      - ${rule}\n`;

describe('a rule file', () => {
  it('is read with its groups and rules', () => {
    const { groups } = loadRuleFile(
      'rules.yml',
      `
groups:
  - name: g
    interval: 5s
    limit: 3
    query_offset: 1s
    labels: { team: x, tier: a }
    rules:
      - record: job:up:sum
        expr: sum by(job) (up)
        labels: { tier: b }
      - alert: Down
        expr: up   == 0
        for: 15s
        keep_firing_for: 1m
        labels: { severity: page }
        annotations: { summary: '{{ $labels.job }} is {{ $value | humanize }}' }
`,
    );
    expect(groups).toMatchObject([
      {
        name: 'g',
        interval: 5000,
        limit: 3,
        queryOffset: 1000,
        rules: [
          {
            kind: 'recording',
            name: 'job:up:sum',
            query: 'sum by (job) (up)',
            labels: { team: 'x', tier: 'b' },
          },
          { kind: 'alerting', name: 'Down', query: 'up == 0', for: 15_000, keepFiringFor: 60_000 },
        ],
      },
    ]);
    expect(loadRuleFile('f', '').groups).toEqual([]);
  });

  it.each([
    ['a bad expression', withRule('{ record: a, expr: "sum(" }'), 'bad-promql', 4],
    [
      'a bad expression in a block',
      withRule('record: a\n        expr: |\n          up\n            + nofunction(up)'),
      'bad-promql',
      7,
    ],
    [
      'a bad template',
      withRule("{ alert: A, expr: up, annotations: { s: '{{ $nope }}' } }"),
      'bad-template',
      4,
    ],
    [
      'an unknown template function',
      withRule("{ alert: A, expr: up, labels: { s: '{{ nope }}' } }"),
      'bad-template',
      4,
    ],
    ['neither record nor alert', withRule('{ expr: up }'), 'bad-rule', 4],
    ['both record and alert', withRule('{ record: a, alert: A, expr: up }'), 'bad-rule', 4],
    ['for in a recording rule', withRule('{ record: a, expr: up, for: 5m }'), 'bad-rule', 4],
    ['braces in a name', withRule('{ record: "a{}", expr: up }'), 'bad-rule', 4],
    ['__name__ as a label', withRule('{ alert: A, expr: up, labels: { __name__: x } }'), 'bad-rule', 4],
    ['an unknown key', withRule('{ alert: A, expr: up, fore: 5m }'), 'unknown-field', 4],
    ['a missing expression', withRule('{ alert: A }'), 'missing-field', 4],
    ['a group twice', 'groups:\n  - name: g\n  - name: g\n', 'duplicate-group', 3],
    ['a bad duration', withRule('{ alert: A, expr: up, for: 5 }'), 'bad-value', 4],
  ])('refuses %s', (_, text, code, line) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, position: { file: 'rules.yml', line } });
  });

  it('places a mistake at its column within the expression', () => {
    const [problem] = problemsOf(withRule('expr: up + nofunction(up)\n        record: a'));
    expect(problem?.position).toMatchObject({ line: 4, column: 20 });
  });

  it.each([
    ['in quotes', 'expr: "up + nofunction(up)"', 4, 21],
    ['after letters of two bytes', `expr: 'up{a="ß"} + nofunction(up)'`, 4, 28],
    ['in a block', 'expr: |\n          up\n          + nofunction(up)', 6, 13],
    ['after an escape, at its beginning', 'expr: "up{a=\\"b\\"} + nofunction(up)"', 4, 15],
    ['folded, at its beginning', 'expr: >\n          up\n          + nofunction(up)', 4, 15],
    ['in an annotation', `{ alert: A, expr: up, annotations: { a: '{{ nofunction }}' } }`, 4, 53],
  ])('places a mistake %s', (_where, rule, line, column) => {
    const [problem] = problemsOf(withRule(rule.startsWith('{') ? rule : `${rule}\n        record: a`));
    expect(problem?.position).toMatchObject({ line, column });
    expect(problem?.excerpt).toContain(
      ['expr: >', 'expr: "up{'].some(it => rule.startsWith(it)) ? 'expr:' : 'nofunction',
    );
  });
});
