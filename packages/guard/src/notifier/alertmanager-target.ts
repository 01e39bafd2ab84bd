import { posix } from 'node:path';
import { Labels } from '../core/index.ts';
import { type AlertmanagerConfig, NO_CREDENTIALS, relabel, type TargetGroup } from '../scrape/index.ts';

/** The Alertmanagers in target groups, by the addresses that alerts are posted to. */
export interface FoundAlertmanagers {
  /** Each once. */
  readonly urls: readonly string[];
  /** Those that relabelling took away. */
  readonly dropped: readonly string[];
  /** Why groups could not be read; none of their targets counts. */
  readonly failures: readonly string[];
}

const ADDRESS = '__address__';
const SCHEME = '__scheme__';
const PATH = '__alerts_path__';

/** notifier/alertmanager.go AlertmanagerFromGroup */
export function findAlertmanagers(
  config: AlertmanagerConfig,
  groups: readonly TargetGroup[],
): FoundAlertmanagers {
  const urls: string[] = [];
  const dropped: string[] = [];
  const failures: string[] = [];
  for (const group of groups) {
    const found = group.targets.map(address => readTarget(config, address, group.labels));
    const failure = found.find(target => target.kind === 'bad');
    if (failure) failures.push(failure.reason);
    else
      for (const target of found)
        if (target.kind !== 'bad') (target.kind === 'active' ? urls : dropped).push(target.url);
  }
  return { urls: [...new Set(urls)], dropped, failures };
}

type Found =
  | { readonly kind: 'active' | 'dropped'; readonly url: string }
  | { readonly kind: 'bad'; readonly reason: string };

function readTarget(
  { scheme, pathPrefix, relabelRules }: AlertmanagerConfig,
  address: string,
  group: Readonly<Record<string, string>>,
): Found {
  const labels = Labels.of([
    [SCHEME, scheme],
    [PATH, posix.join('/', pathPrefix, '/api/v2/alerts')],
    // What the group gives wins over what is filled in.
    ...Object.entries(group).filter(([, value]) => value !== ''),
    [ADDRESS, address],
  ]);
  const relabelled = relabel(labels, relabelRules);
  if (!relabelled) return { kind: 'dropped', url: urlOf(labels) };
  const found = relabelled.get(ADDRESS);
  const bad = (why: string): Found => ({ kind: 'bad', reason: `${JSON.stringify(found)} ${why}` });
  if (found.includes('@')) return { kind: 'bad', reason: NO_CREDENTIALS };
  if (found.includes('/')) return bad('is not a host and port');
  const url = urlOf(relabelled);
  return URL.canParse(url) ? { kind: 'active', url } : bad(`gives no address: ${url}`);
}

const urlOf = (labels: Labels): string => {
  const path = labels.get(PATH);
  return `${labels.get(SCHEME)}://${labels.get(ADDRESS)}${path.startsWith('/') || path === '' ? '' : '/'}${encodeURI(path)}`;
};
