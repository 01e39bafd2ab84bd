import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../story/support.ts';
import { alertIn, alertsOf, onBoth } from './support/both-benches.ts';
import type { EngineName } from './support/engine-process.ts';
import type { RuleBench } from './support/rule-bench.ts';

const SECOND = 1000;

const SHOWN_RULES = `groups:
- name: z
  interval: 1s
  limit: 5
  query_offset: 0s
  labels: { team: x, empty: '' }
  rules:
  - { record: 'job:m:sum', expr: sum  by(job)(m), labels: { tier: '1.50' } }
  - { record: duplicates, expr: m, labels: { i: same } }
- name: a
  rules:
  - { alert: Fires, expr: m > 0, keep_firing_for: 10m, labels: { severity: page, t: '{{ $labels.i }}' }, annotations: { s: '{{ $value }}', e: '' } }
  - { alert: Pends, expr: 'm{i="x"} > 0', for: 1h30m }
  - { alert: Never, expr: m > 9e9 }
  - { alert: Keeps, expr: m2 > 0, keep_firing_for: 1h }
  - { alert: Fails, expr: m * on() n, labels: { a: b } }
- { name: empty }
`;

/** What is alike in no two runs: instants and durations, replaced by what they are. */
function withoutTimes(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(item => withoutTimes(item)).sort(byText);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutTimes(item, name)]));
  if (key === 'evaluationTime') return typeof value;
  if (/^\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value))) return 'an instant';
  return typeof value === 'string' ? value.replaceAll(/127\.0\.0\.1:\d+/g, 'target') : value;
}
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Families about rules, templates, sending and reloads with their types, and the label names of their series. */
function ownMetrics(text: string): string[] {
  const isOwn = (line: string) => /^(# TYPE )?prometheus_(rule|template|notifications|config)_/.test(line);
  return [
    ...new Set(
      text
        .split('\n')
        .filter(isOwn)
        .map(line =>
          line
            .replace(/="[^"]*"/g, '')
            .replace(/(?<!# TYPE.*) [^ ]+$/, '')
            .replace(/\{(.*)\}/, (_, names: string) => `{${names.split(',').sort().join()}}`),
        ),
    ),
  ].sort();
}

/** `group: rule rule` of what is answered, in its order. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
const namesIn = ({ data }: any): string[] =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  data.groups.map((group: any) => `${group.name}: ${group.rules.map((rule: any) => rule.name).join(' ')}`);

/** What each parameter, and some together, leave of the groups. */
async function narrowed(bench: RuleBench): Promise<Record<string, string[]>> {
  const [{ file }] = (await bench.api('/api/v1/rules')).data.groups;
  const queries = [
    `file[]=${encodeURIComponent(file)}`,
    `file[]=${encodeURIComponent(file)}&file[]=other.yml&rule_group[]=z&rule_group[]=none`,
    'rule_name[]=Never&rule_name[]=duplicates',
    'rule_name[]=Never&type=record',
    'rule_group[]=a&rule_name[]=Keeps&type=alert&exclude_alerts=true',
    `match[]=${encodeURIComponent('{severity="page"}')}`,
    `match[]=${encodeURIComponent('{team=~".+"}')}&match[]=${encodeURIComponent('{a="b"}')}`,
    `match[]=${encodeURIComponent('{severity="page"}')}&rule_name[]=Never`,
  ];
  const left = await Promise.all(queries.map(query => bench.api(`/api/v1/rules?${query}`)));
  return Object.fromEntries(left.map((answer, i) => [`query ${i}`, namesIn(answer)]));
}

/** The groups of each page of one group, until there is no further one. */
async function pagesOf(bench: RuleBench): Promise<string[][]> {
  const pages: string[][] = [];
  let token = '';
  do {
    const next = token && `&group_next_token=${token}`;
    const page = await bench.api(`/api/v1/rules?group_limit=1${next}`);
    pages.push(namesIn(page));
    token = page.data.groupNextToken ?? '';
  } while (token !== '' && pages.length < 10);
  return pages;
}

it('shows rules, alerts and figures of them field for field', async () => {
  const shown = new Map<EngineName, unknown>();
  await onBoth(SHOWN_RULES, [], async bench => {
    bench.expose('m{i="x"} 1\nm{i="y"} 2\nn{i="x"} 1\nn{i="y"} 1\nm2 1\n');
    await alertIn(bench, 'Keeps', 'firing');
    bench.expose('m{i="x"} 1\nm{i="y"} 2\nn{i="x"} 1\nn{i="y"} 1\nm2 0\n');
    await eventually(`the kept alert at ${bench.name}`, 20, async () => {
      const [alert] = await alertsOf(bench, 'Keeps');
      return alert?.keepFiringSince;
    });
    await sleep(2 * SECOND);
    const answers = await Promise.all(
      [
        'rules',
        'alerts',
        'rules?type=alert',
        'rules?type=record&rule_group[]=z',
        'rules?exclude_alerts=true',
      ].map(path => bench.api(`/api/v1/${path}`)),
    );
    shown.set(bench.name, {
      answers: withoutTimes(answers),
      narrowed: await narrowed(bench),
      pages: await pagesOf(bench),
      metrics: ownMetrics(await bench.metrics()),
    });
  });
  expect(shown.get('slo-guard')).toEqual(shown.get('prometheus'));
  expect(shown.get('prometheus')).toMatchObject({
    pages: [[expect.any(String)], [expect.any(String)]],
  });
});
