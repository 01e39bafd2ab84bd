import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readStringLiteral } from '../../packages/guard/src/promql/parser/string-literal.ts';
import {
  EXPANSION_SETTING,
  type ExpansionCase,
  readExpansionCorpus,
} from '../../packages/guard/src/rules/corpus/read-corpus.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-expansions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, content: unknown) => writeFileSync(join(folder, file), JSON.stringify(content));

const writeRules = (cases: readonly ExpansionCase[], names: readonly string[]) =>
  write('rules.yml', {
    groups: [
      {
        name: 'g',
        rules: [
          {
            alert: 'A',
            expr: 'm',
            annotations: Object.fromEntries(cases.map(({ template }, i) => [names[i], template])),
          },
        ],
      },
    ],
  });

const corpus = readExpansionCorpus();
const names = corpus.map((_, i) => `a${i}`);

it('is what the real promtool refuses', async () => {
  writeRules(corpus, names);
  const { stdout, stderr } = await runPeer(
    'promtool',
    ['check', 'rules', '--lint=none', 'rules.yml'],
    folder,
  );
  const refused = new Set(Array.from((stdout + stderr).matchAll(/annotation "(a\d+)"/g), ([, name]) => name));
  expect([...refused].sort()).toEqual(names.filter((_, i) => corpus[i]!.isRefused).sort());
});

it('is what the real promtool makes of it', async () => {
  const { series, externalLabels, externalUrl, atSeconds } = EXPANSION_SETTING;
  const kept = corpus.flatMap((each, i) => (each.isRefused ? [] : [{ ...each, name: names[i]! }]));
  writeRules(
    kept,
    kept.map(({ name }) => name),
  );
  write('test.yml', {
    rule_files: ['rules.yml'],
    evaluation_interval: `${atSeconds}s`,
    tests: [
      {
        interval: `${atSeconds}s`,
        external_labels: externalLabels,
        external_url: externalUrl,
        input_series: series.map(([line, value]) => ({ series: line, values: `${value}x2` })),
        alert_rule_test: [{ eval_time: `${atSeconds}s`, alertname: 'A', exp_alerts: [] }],
      },
    ],
  });
  const { stdout, stderr } = await runPeer('promtool', ['test', 'rules', 'test.yml'], folder);
  const got = /Annotations:(\{.*\})/.exec(stdout + stderr)?.[1] ?? '';
  const texts = new Map(
    Array.from(got.matchAll(/(a\d+)="((?:[^"\\]|\\.)*)"/g), ([, name, text]) => [
      name,
      readStringLiteral(`"${text}"`),
    ]),
  );
  expect(kept.map(({ name, template }) => ({ template, text: shown(texts.get(name)) }))).toEqual(
    kept.map(({ template, text }) => ({ template, text })),
  );
});

const shown = (text: string | undefined) =>
  text?.startsWith('<error expanding template: ') ? undefined : text;
