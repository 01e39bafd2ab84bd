import type { Labels, Matcher } from '../core/index.ts';
import type { ActiveTarget, ScrapeManager } from '../scrape/index.ts';
import { BadParameter } from './api-error.ts';
import { isUnreadable, readGoInteger } from './go-numbers.ts';
import type { RequestParams } from './request-params.ts';

interface Metadata {
  readonly type: string;
  readonly unit: string;
  readonly help: string;
}

type Entry = readonly [family: string, metadata: Metadata];

/** The `data` of `/api/v1/metadata`: what active targets say of their metrics. @throws BadParameter */
export function metadataData(scrapes: ScrapeManager, params: RequestParams): Record<string, Metadata[]> {
  const limit = limitParam(params, 'limit');
  const perMetric = limitParam(params, 'limit_per_metric');
  const found = new Map<string, Map<string, Metadata>>();
  for (const target of scrapes.targets()) {
    for (const [family, metadata] of entriesOf(target, params.value('metric'))) {
      const known = found.get(family) ?? new Map<string, Metadata>();
      if (perMetric > 0 && known.size >= perMetric) continue;
      found.set(family, known.set(JSON.stringify(metadata), metadata));
    }
  }
  const names = [...found.keys()].sort();
  return Object.fromEntries(
    (limit >= 0 ? names.slice(0, limit) : names).map(name => [name, [...found.get(name)!.values()]]),
  );
}

/** An item of `/api/v1/targets/metadata`; `metric` is left out where the request names it. */
interface TargetMetadata extends Metadata {
  readonly target: Record<string, string>;
  readonly metric?: string;
}

/**
 * The `data` of `/api/v1/targets/metadata`. `matchers` are those of `match_target`.
 *
 * @throws BadParameter
 */
export function targetMetadataData(
  scrapes: ScrapeManager,
  params: RequestParams,
  matchers: readonly Matcher[],
): TargetMetadata[] {
  const limit = limitParam(params, 'limit');
  const metric = params.value('metric');
  const found: TargetMetadata[] = [];
  for (const target of scrapes.targets()) {
    // As in Prometheus, the limit is looked at between targets.
    if (limit >= 0 && found.length >= limit) break;
    if (!meets(target.labels, matchers)) continue;
    for (const [family, metadata] of entriesOf(target, metric))
      found.push({
        target: target.labels.toObject(),
        ...(metric === '' && { metric: family }),
        ...metadata,
      });
  }
  return found;
}

const meets = (labels: Labels, matchers: readonly Matcher[]) =>
  matchers.every(matcher => matcher.matches(labels.get(matcher.name)));

/** What a target says of one metric, or of all for ''. */
function entriesOf({ metadata }: ActiveTarget, metric: string): Entry[] {
  const families = metric === '' ? [...metadata.keys()] : metadata.has(metric) ? [metric] : [];
  return families.map(family => {
    const { type = 'unknown', help = '', unit = '' } = metadata.get(family)!;
    return [family, { type, unit, help }];
  });
}

/** -1, which is no limit, where it is left out. */
function limitParam(params: RequestParams, name: string): number {
  const limit = readGoInteger(params.value(name) || '-1', 'Atoi', 64);
  if (isUnreadable(limit)) throw new BadParameter(`${name} must be a number`);
  return limit;
}
