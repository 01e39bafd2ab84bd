import { formatDuration, Labels, type Milliseconds, parseDuration } from '../core/index.ts';
import type { ScrapeConfig } from './config-types.ts';
import { relabel } from './relabel.ts';

/** An endpoint to scrape. */
export interface Target {
  readonly config: ScrapeConfig;
  /** Before relabelling. */
  readonly discoveredLabels: Labels;
  /** Those that every series of the target gets: no name begins with `__`. */
  readonly labels: Labels;
  readonly url: string;
  readonly interval: Milliseconds;
  readonly timeout: Milliseconds;
  /** Two targets of a job with equal keys are one. */
  readonly key: string;
}

/** A target that relabelling or its own labels took away. */
export interface DroppedTarget {
  readonly scrapePool: string;
  readonly discoveredLabels: Labels;
  /** Absent when a relabelling rule dropped it. */
  readonly error?: string;
}

export interface TargetsOfConfig {
  readonly targets: readonly Target[];
  readonly dropped: readonly DroppedTarget[];
}

/** The targets of a job, duplicates left out (scrape/target.go PopulateLabels). */
export function targetsOf(config: ScrapeConfig): TargetsOfConfig {
  const targets = new Map<string, Target>();
  const dropped: DroppedTarget[] = [];
  for (const group of config.staticGroups) {
    for (const address of group.targets) {
      const discoveredLabels = discover(config, address, group.labels);
      const target = targetOf(config, discoveredLabels);
      if (typeof target === 'object') targets.set(target.key, target);
      else dropped.push({ scrapePool: config.jobName, discoveredLabels, ...(target && { error: target }) });
    }
  }
  return { targets: [...targets.values()], dropped };
}

function discover(config: ScrapeConfig, address: string, group: Readonly<Record<string, string>>): Labels {
  const params = Object.entries(config.params).flatMap(([name, [first]]) =>
    first === undefined ? [] : [[`__param_${name}`, first] as const],
  );
  return Labels.of([
    ...params,
    ['job', config.jobName],
    ['__scrape_interval__', formatDuration(config.scrapeInterval)],
    ['__scrape_timeout__', formatDuration(config.scrapeTimeout)],
    ['__metrics_path__', config.metricsPath],
    ['__scheme__', config.scheme],
    // What the file gives wins over what is filled in.
    ...Object.entries(group).filter(([, value]) => value !== ''),
    ['__address__', address],
  ]);
}

/** The target; undefined when a rule dropped it; a text when its labels make none. */
function targetOf(config: ScrapeConfig, discovered: Labels): Target | string | undefined {
  const labels = relabel(discovered, config.relabelRules);
  if (!labels) return undefined;
  const address = labels.get('__address__');
  if (address === '') return 'no address';
  if (address.includes('/')) return `${JSON.stringify(address)} is not a host and port`;
  const interval = parseDuration(labels.get('__scrape_interval__'));
  if (!interval) return `bad __scrape_interval__ ${JSON.stringify(labels.get('__scrape_interval__'))}`;
  const timeout = parseDuration(labels.get('__scrape_timeout__'));
  if (!timeout) return `bad __scrape_timeout__ ${JSON.stringify(labels.get('__scrape_timeout__'))}`;
  if (timeout > interval) return 'the scrape timeout is longer than the scrape interval';
  const url = urlOf(config, labels, address);
  if (!URL.canParse(url)) return `${JSON.stringify(url)} is not an address`;
  const all = labels.has('instance') ? labels : labels.with({ instance: address });
  const visible = Labels.of([...all].filter(([name]) => !name.startsWith('__')));
  return {
    config,
    discoveredLabels: discovered,
    labels: visible,
    url,
    interval,
    timeout,
    key: `${config.jobName}\n${visible.key}\n${url}\n${interval}\n${timeout}`,
  };
}

function urlOf(config: ScrapeConfig, labels: Labels, address: string): string {
  const params = new Map(Object.entries(config.params).map(([name, values]) => [name, [...values]]));
  for (const [label, value] of labels) {
    if (!label.startsWith('__param_')) continue;
    const name = label.slice('__param_'.length);
    params.set(name, [value, ...(params.get(name) ?? []).slice(1)]);
  }
  const query = new URLSearchParams(
    [...params]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  ).toString();
  const path = labels.get('__metrics_path__');
  const slashed = path === '' || path.startsWith('/') ? path : `/${path}`;
  return `${labels.get('__scheme__')}://${address}${slashed}${query === '' ? '' : `?${query}`}`;
}
