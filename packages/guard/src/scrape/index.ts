export { NO_CREDENTIALS } from './config/discovery-fields.ts';
export { type LoadOptions, loadPrometheusConfig } from './config/load-config.ts';
export type {
  AlertingConfig,
  AlertmanagerConfig,
  PrometheusConfig,
  ScrapeConfig,
  StaticGroup,
} from './config/types.ts';
export { createDiscoveries, type Discoveries } from './discovery/discoveries.ts';
export { createDiscoveryMetrics, type DiscoveryMetrics } from './discovery/discovery-metrics.ts';
export { createFolderWatch, type FolderWatch } from './discovery/folder-watch.ts';
export type { TargetGroup } from './discovery/target-group.ts';
export {
  type ActiveTarget,
  createScrapeManager,
  type DroppedTarget,
  type ScrapeManager,
  type ScrapeManagerOptions,
} from './manager.ts';
export type { FamilyMetadata } from './metadata-cache.ts';
export { type RelabelRule, relabel } from './relabel/relabel.ts';
export {
  createScrapeClient,
  type ScrapeClient,
  type ScrapeConnection,
  type ScrapeRequest,
  type ScrapeResponse,
} from './scrape-client.ts';
export type { ScrapeStatus } from './scrape-loop.ts';
export { shownLabels } from './shown-labels.ts';
export type { Target } from './target.ts';
