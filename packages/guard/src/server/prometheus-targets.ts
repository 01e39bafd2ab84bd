import { toSeconds } from '../core/index.ts';
import { type ActiveTarget, type DroppedTarget, type ScrapeManager, shownLabels } from '../scrape/index.ts';
import { timeText } from './go-time.ts';
import type { RequestParams } from './request-params.ts';

const byPool = (a: { scrapePool: string }, b: { scrapePool: string }) =>
  a.scrapePool < b.scrapePool ? -1 : a.scrapePool > b.scrapePool ? 1 : 0;

/** The `data` of `/api/v1/targets` (web/api/v1 `targets`). */
export function targetsData(
  scrapes: ScrapeManager,
  params: RequestParams,
  globalUrlOf: (scrapeUrl: string) => string,
) {
  const state = params.urlValue('state').toLowerCase() || 'any';
  const pool = params.urlValue('scrapePool');
  const isWanted = ({ scrapePool }: { readonly scrapePool: string }) => pool === '' || scrapePool === pool;
  const dropped = scrapes.droppedTargets();
  const showsActive = state === 'any' || state === 'active';
  const showsDropped = state === 'any' || state === 'dropped';
  return {
    activeTargets: showsActive
      ? scrapes
          .targets()
          .filter(isWanted)
          .toSorted(byPool)
          .map(target => targetView(target, globalUrlOf(target.scrapeUrl)))
      : [],
    droppedTargets: showsDropped ? dropped.filter(isWanted).toSorted(byPool).map(droppedView) : [],
    droppedTargetCounts: showsDropped ? Object.fromEntries(scrapes.droppedCounts()) : null,
  };
}

/** The `data` of `/api/v1/scrape_pools`. */
export const scrapePoolsData = (jobs: readonly { readonly jobName: string }[]) => ({
  scrapePools: jobs.map(({ jobName }) => jobName).sort(),
});

const targetView = (target: ActiveTarget, globalUrl: string) => ({
  discoveredLabels: shownLabels(target.discoveredLabels),
  labels: target.labels.toObject(),
  scrapePool: target.scrapePool,
  scrapeUrl: target.scrapeUrl,
  globalUrl,
  lastError: target.lastError,
  lastScrape: timeText(target.lastScrape),
  lastScrapeDuration: toSeconds(target.lastDuration),
  health: target.health,
  scrapeInterval: target.scrapeInterval,
  scrapeTimeout: target.scrapeTimeout,
});

const droppedView = ({ discoveredLabels, scrapePool }: DroppedTarget) => ({
  discoveredLabels: shownLabels(discoveredLabels),
  scrapePool,
});
