import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Both, startBoth } from './scrape/both.ts';
import type { ScrapeCase } from './scrape/case.ts';
import { EXPOSITION_CASES } from './scrape/exposition-cases.ts';
import type { Observer } from './scrape/observe.ts';
import { OPTION_CASES } from './scrape/option-cases.ts';
import { RESPONSE_CASES } from './scrape/response-cases.ts';
import type { TargetServer } from './scrape/target-server.ts';

const CASES = [...EXPOSITION_CASES, ...RESPONSE_CASES, ...OPTION_CASES];
/** Compared of each target. */
const SCRAPES = 4;

const jobOf =
  ({ address, securedAddress }: TargetServer) =>
  ({ name, job = '', secured = false }: ScrapeCase) =>
    `  - { job_name: ${name}, metrics_path: /${name}, ` +
    `static_configs: [{ targets: ['${secured ? securedAddress : address}'] }]` +
    `${secured ? ', scheme: https' : ''}${job && `, ${job}`} }\n`;

let both: Both;
beforeAll(async () => {
  const [first, ...rest] = CASES;
  both = await startBoth({
    cases: CASES,
    config: targets =>
      `global: { scrape_interval: 3s }\nscrape_config_files: [more/*.yml]\nscrape_configs:\n${rest.map(jobOf(targets)).join('')}`,
    files: targets => ({
      'more/first.yml': `scrape_configs:\n${jobOf(targets)(first!)}`,
      'more/targets.json': JSON.stringify([{ targets: [targets.address], labels: { more: 'yes' } }]),
      'password.txt': 'secret\n',
    }),
  });
}, 180_000);
afterAll(() => both.stop());

interface TargetView {
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
}

/** Without what is not the same twice. */
async function targetsOf(observer: Observer, pool: string) {
  const { activeTargets } = await observer.data<{ activeTargets: TargetView[] }>(
    `targets?scrapePool=${pool}`,
  );
  return activeTargets
    .map(({ lastError, lastScrape: _, lastScrapeDuration: __, ...rest }) => ({ lastError, rest }))
    .sort((a, b) => (JSON.stringify(a.rest) < JSON.stringify(b.rest) ? -1 : 1));
}

/** What its targets say of their metrics, in no order. */
async function metadataOf(observer: Observer, selector: string) {
  const path = `targets/metadata?match_target=${encodeURIComponent(selector)}`;
  const entries = await observer.data<object[]>(path);
  return entries.map(entry => JSON.stringify(Object.entries(entry).sort())).sort();
}

describe.each(CASES.map(one => [one.name, one] as const))('%s', (name, one) => {
  const selector = `{job="${name}"}`;

  it('is stored the same', async () => {
    await both.reach(selector, SCRAPES);
    // Of a job with two targets the scrapes cannot be told apart.
    if (name === 'target_limit') return;
    const expected = await both.theirs.stored(selector, SCRAPES);
    expect(await both.ours.stored(selector, SCRAPES)).toEqual(expected);
    expect(expected.seen).toHaveLength(SCRAPES);
  });

  it('is shown the same', async () => {
    const [our, their] = await Promise.all([targetsOf(both.ours, name), targetsOf(both.theirs, name)]);
    expect(our.map(({ rest }) => rest)).toEqual(their.map(({ rest }) => rest));
    expect(our[0]!.lastError).toMatch(one.error?.ours ?? /^$/);
    expect(their[0]!.lastError).toMatch(one.error?.theirs ?? /^$/);
  });

  it('is described the same', async () => {
    expect(await metadataOf(both.ours, selector)).toEqual(await metadataOf(both.theirs, selector));
  });
});
