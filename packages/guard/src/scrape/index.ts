export type { AlertmanagerConfig, PrometheusConfig, ScrapeConfig, StaticGroup } from './config-types.ts';
export {
  createHttpScrapeFetch,
  type HttpScrapeFetch,
  type ScrapeFetch,
  type ScrapeRequest,
  type ScrapeResponse,
} from './http-fetch.ts';
export { loadPrometheusConfig } from './load-config.ts';
export {
  type ActiveTarget,
  createScrapeManager,
  type ScrapeManager,
  type ScrapeManagerOptions,
} from './manager.ts';
export { type RelabelRule, relabel } from './relabel.ts';
export type { ScrapeStatus } from './scrape-loop.ts';
export type { DroppedTarget, Target } from './target.ts';
