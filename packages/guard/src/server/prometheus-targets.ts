import { formatDuration, toSeconds } from '../core/index.ts';
import type { ActiveTarget, DroppedTarget, ScrapeManager } from '../scrape/index.ts';
import { timeText } from './go-time.ts';
import { BadParameter } from './request-params.ts';

const byPool = (a: { scrapePool: string }, b: { scrapePool: string }) =>
  a.scrapePool < b.scrapePool ? -1 : a.scrapePool > b.scrapePool ? 1 : 0;

/** The `data` of `/api/v1/targets` (web/api/v1 `targets`). */
export function targetsData(scrapes: ScrapeManager, params: URLSearchParams) {
  const state = (params.get('state') ?? '').toLowerCase() || 'any';
  const pool = params.get('scrapePool') ?? '';
  const isWanted = ({ scrapePool }: { readonly scrapePool: string }) => pool === '' || scrapePool === pool;
  const dropped = scrapes.droppedTargets();
  const showsActive = state === 'any' || state === 'active';
  const showsDropped = state === 'any' || state === 'dropped';
  return {
    activeTargets: showsActive ? scrapes.targets().filter(isWanted).toSorted(byPool).map(targetView) : [],
    droppedTargets: showsDropped ? dropped.filter(isWanted).toSorted(byPool).map(droppedView) : [],
    droppedTargetCounts: showsDropped ? countsByPool(scrapes, dropped) : null,
  };
}

/** The `data` of `/api/v1/scrape_pools`. */
export const scrapePoolsData = (jobs: readonly { readonly jobName: string }[]) => ({
  scrapePools: jobs.map(({ jobName }) => jobName).sort(),
});

function countsByPool(scrapes: ScrapeManager, dropped: readonly DroppedTarget[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { scrapePool } of scrapes.targets()) counts[scrapePool] ??= 0;
  for (const { scrapePool } of dropped) counts[scrapePool] = (counts[scrapePool] ?? 0) + 1;
  return counts;
}

const targetView = (target: ActiveTarget) => ({
  discoveredLabels: target.discoveredLabels.toObject(),
  labels: target.labels.toObject(),
  scrapePool: target.scrapePool,
  scrapeUrl: target.scrapeUrl,
  globalUrl: target.globalUrl,
  lastError: target.lastError,
  lastScrape: timeText(target.lastScrape),
  lastScrapeDuration: toSeconds(target.lastDuration),
  health: target.health,
  scrapeInterval: formatDuration(target.scrapeInterval),
  scrapeTimeout: formatDuration(target.scrapeTimeout),
});

const droppedView = ({ discoveredLabels, scrapePool }: DroppedTarget) => ({
  discoveredLabels: discoveredLabels.toObject(),
  scrapePool,
});

interface Metadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** The `data` of `/api/v1/metadata`: what active targets say of their metrics. @throws BadParameter */
export function metadataData(scrapes: ScrapeManager, params: URLSearchParams): Record<string, Metadata[]> {
  const limit = wholeNumber(params, 'limit');
  const perMetric = wholeNumber(params, 'limit_per_metric');
  const metric = params.get('metric') ?? '';
  const found = new Map<string, Map<string, Metadata>>();
  for (const target of scrapes.targets()) {
    for (const [name, { type = 'unknown', help = '', unit = '' }] of target.metadata) {
      if (metric !== '' && name !== metric) continue;
      const known = found.get(name) ?? new Map<string, Metadata>();
      const key = JSON.stringify([type, help, unit]);
      if (perMetric > 0 && known.size >= perMetric) continue;
      found.set(name, known.set(key, { type, help, unit }));
    }
  }
  const names = [...found.keys()].sort();
  return Object.fromEntries(
    (limit >= 0 ? names.slice(0, limit) : names).map(name => [name, [...found.get(name)!.values()]]),
  );
}

/** -1, which is no limit, where it is left out. */
function wholeNumber(params: URLSearchParams, name: string): number {
  const text = params.get(name) || '-1';
  if (!/^[-+]?\d{1,15}$/.test(text)) throw new BadParameter(`${name} must be a number`);
  return Number(text);
}
