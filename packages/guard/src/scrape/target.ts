import { formatDuration, Labels, type Milliseconds, parseDuration } from '../core/index.ts';
import { NO_CREDENTIALS } from './config/discovery-fields.ts';
import type { ScrapeConfig } from './config/types.ts';
import type { TargetGroup } from './discovery/target-group.ts';
import { relabel } from './relabel/relabel.ts';
import { targetUrl } from './target-url.ts';

/** An endpoint to scrape. */
export interface Target {
  readonly config: ScrapeConfig;
  /** Before relabelling. */
  readonly discoveredLabels: Labels;
  /** Those that every series of the target gets: no name begins with `__`. */
  readonly labels: Labels;
  readonly url: string;
  /** The socket to connect to instead of the address; '' for none. */
  readonly unixSocket: string;
  readonly interval: Milliseconds;
  readonly timeout: Milliseconds;
  /** The two as the labels give them. */
  readonly intervalText: string;
  readonly timeoutText: string;
  /** Two targets of a job with equal keys are one. */
  readonly key: string;
}

/** What became of the targets of a job. */
export interface TargetsOfJob {
  readonly targets: readonly Target[];
  /** Labels, before relabelling, of those that a rule dropped. */
  readonly dropped: readonly Labels[];
  /** Why others could not be made, with the labels they were found with. */
  readonly failures: readonly { readonly discoveredLabels: Labels; readonly reason: string }[];
}

/** The targets in a job's groups, duplicates left out (scrape/target.go TargetsFromGroup). */
export function targetsOf(config: ScrapeConfig, groups: readonly TargetGroup[]): TargetsOfJob {
  const targets = new Map<string, Target>();
  const dropped: Labels[] = [];
  const failures: { discoveredLabels: Labels; reason: string }[] = [];
  for (const group of groups) {
    for (const address of group.targets) {
      const discoveredLabels = discover(config, address, group.labels);
      const target = targetOf(config, discoveredLabels);
      if (target === undefined) dropped.push(discoveredLabels);
      else if (typeof target === 'string') failures.push({ discoveredLabels, reason: target });
      else targets.set(target.key, target);
    }
  }
  return { targets: [...targets.values()], dropped, failures };
}

const CONVERT_HISTOGRAMS = '__convert_classic_histograms_to_nhcb__';

/** scrape/target.go PopulateDiscoveredLabels */
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
    [CONVERT_HISTOGRAMS, 'false'],
    ['__always_scrape_classic_histograms__', String(config.alwaysScrapeClassicHistograms)],
    ['__scrape_native_histograms__', 'false'],
    // What the group gives wins over what is filled in.
    ...Object.entries(group).filter(([, value]) => value !== ''),
    ['__address__', address],
  ]);
}

/** The target; undefined when a rule dropped it; a text when its labels make none (scrape/target.go PopulateLabels). */
function targetOf(config: ScrapeConfig, discovered: Labels): Target | string | undefined {
  const relabelled = relabel(discovered, config.relabelRules);
  if (!relabelled) return undefined;
  const address = relabelled.get('__address__');
  if (address === '') return 'no address';
  if (address.includes('@')) return NO_CREDENTIALS;
  if (address.includes('/')) return `${JSON.stringify(address)} is not a host and port`;
  const times = timesOf(relabelled);
  if (typeof times === 'string') return times;
  const mistake = histogramMistake(relabelled);
  if (mistake) return mistake;
  const labels = withoutMeta(
    relabelled.has('instance') ? relabelled : relabelled.with({ instance: address }),
  );
  const url = targetUrl(labels, config.params);
  if (!URL.canParse(url)) return `${JSON.stringify(url)} is not an address`;
  return {
    config,
    discoveredLabels: discovered,
    labels: Labels.of([...labels].filter(([name]) => !name.startsWith('__'))),
    url,
    unixSocket: labels.get('__unix_socket__'),
    ...times,
    key: `${labels.key}\n${url}`,
  };
}

type Times = Pick<Target, 'interval' | 'timeout' | 'intervalText' | 'timeoutText'>;

function timesOf(labels: Labels): Times | string {
  const intervalText = labels.get('__scrape_interval__');
  const timeoutText = labels.get('__scrape_timeout__');
  const interval = parseDuration(intervalText);
  const timeout = parseDuration(timeoutText);
  if (!interval) return `bad __scrape_interval__ ${JSON.stringify(intervalText)}`;
  if (!timeout) return `bad __scrape_timeout__ ${JSON.stringify(timeoutText)}`;
  if (timeout > interval) return 'the scrape timeout is longer than the scrape interval';
  return { interval, timeout, intervalText, timeoutText };
}

/** What Go's strconv.ParseBool takes. */
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['', '0', 'f', 'F', 'false', 'FALSE', 'False'];

function histogramMistake(labels: Labels): string | undefined {
  for (const name of [
    CONVERT_HISTOGRAMS,
    '__always_scrape_classic_histograms__',
    '__scrape_native_histograms__',
  ]) {
    const value = labels.get(name);
    if (!TRUE.includes(value) && !FALSE.includes(value))
      return `bad ${name} ${JSON.stringify(value)}: neither true nor false`;
  }
  return TRUE.includes(labels.get(CONVERT_HISTOGRAMS))
    ? `${CONVERT_HISTOGRAMS} is true, but native histograms are not supported`
    : undefined;
}

const withoutMeta = (labels: Labels): Labels =>
  Labels.of([...labels].filter(([name]) => !name.startsWith('__meta_')));
