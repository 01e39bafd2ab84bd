import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import { createEngine, parseSeries } from '../promql/index.ts';
import { createMemoryStorage } from '../promql/testing.ts';
import { EXPANSION_SETTING, type ExpansionCase, readExpansionCorpus } from './corpus/read-corpus.ts';
import { createRuleManager, createRuleQuery, loadRuleFile } from './index.ts';

const { series, externalLabels, externalUrl, atSeconds } = EXPANSION_SETTING;
const at = milliseconds(atSeconds * 1000);

const fileOf = (templates: readonly string[]) => {
  const annotations = Object.fromEntries(templates.map((template, i) => [`a${i}`, template]));
  const rules = [{ alert: 'A', expr: 'm', annotations }];
  return loadRuleFile('r.yml', JSON.stringify({ groups: [{ name: 'g', rules }] }));
};

const wasRefused = ({ template }: ExpansionCase): boolean => {
  try {
    fileOf([template]);
    return false;
  } catch {
    return true;
  }
};

/** What each becomes, as annotations of one alert. */
async function expansions(templates: readonly string[]): Promise<string[]> {
  const storage = createMemoryStorage();
  const appender = storage.appender();
  for (const [line, value] of series) appender.append(parseSeries(line).labels, at, value);
  appender.commit();
  const engine = createEngine({ lookbackDelta: milliseconds(300_000), maxSamples: 1_000_000 });
  const clock = createVirtualClock(at);
  const manager = createRuleManager({
    files: [fileOf(templates)],
    query: createRuleQuery(engine, storage),
    queryable: storage,
    appendable: storage,
    sender: { send: () => {} },
    clock,
    logger: silentLogger,
    registry: new Registry(),
    evaluationInterval: at,
    queryOffset: milliseconds(0),
    externalLabels: Labels.of(externalLabels),
    externalUrl,
    groupOffset: () => 0,
  });
  manager.start();
  await clock.advance(milliseconds(0));
  const { annotations } = manager.alerts()[0]!;
  await manager.stop();
  return templates.map((_, i) => annotations.get(`a${i}`));
}

it('refuses and expands every template of the corpus as Prometheus does', async () => {
  const corpus = readExpansionCorpus();
  expect(corpus.length).toBeGreaterThan(400);
  expect(corpus.filter(wasRefused)).toEqual(corpus.filter(({ isRefused }) => isRefused));
  const accepted = corpus.filter(({ isRefused }) => !isRefused);
  const texts = await expansions(accepted.map(({ template }) => template));
  const shown = accepted.map(({ template }, i) => ({
    template,
    text: texts[i]!.startsWith('<error expanding template: ') ? undefined : texts[i],
  }));
  expect(shown).toEqual(accepted.map(({ template, text }) => ({ template, text })));
});
