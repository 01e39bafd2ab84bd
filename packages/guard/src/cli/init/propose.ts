import type { Ratio } from '../../core/index.ts';
import { objectiveFor } from './objectives.ts';
import type { ObservedMetric, ObservedRow } from './observed.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';

/** An objective to write down. */
export interface Proposal {
  /** The metric of the events. */
  readonly metric: string;
  readonly name: string;
  readonly promise: string;
  readonly counts: 'good' | 'bad';
  readonly events: string;
  readonly total: string;
  readonly objective: Ratio;
  /** What was seen, for the comment above it. */
  readonly seen: string;
}

const ROUTES = ['endpoint', 'handler', 'route', 'path', 'uri', 'url', 'http_route'];
const PROBE =
  /^\/?(healthz?|livez?|readyz?|ready|metrics|ping|status|favicon\.ico|-\/(healthy|ready|reload))$/i;
/** Calls to others are theirs to promise. */
const OUTWARD = ['dependency', 'upstream', 'peer', 'server_address', 'net_peer_name'];
/** A latency objective is put where at least so many were faster. */
const FAST_ENOUGH = 0.995;
/** Histograms of monitoring programs about themselves; for answers over HTTP and gRPC people wait. */
const INNER_WORKINGS =
  /^(prometheus|alertmanager|grafana|loki|tempo|thanos|cortex|mimir)_(?!http|grpc|request)/;
/** Where nothing was measured, the first bucket from here on. */
const USUAL_SECONDS = 0.25;

/**
 * Objectives for the metrics of one service, ordered by name.
 *
 * @param shared matchers that every selector has, such as `job="shop"`
 */
export function propose(
  metrics: readonly ObservedMetric[],
  shared: readonly string[],
  prefix: string,
): Proposal[] {
  const inward = metrics.filter(({ rows }) => !rows.some(({ labels }) => OUTWARD.some(name => labels[name])));
  const counters = inward.filter(({ name }) => name.endsWith('_total'));
  const available = counters.flatMap(metric => availability(metric, shared, prefix) ?? []);
  const buckets = inward.filter(({ name }) => name.endsWith('_bucket'));
  const histograms = buckets.map(bucket => ({
    bucket,
    count: inward.find(({ name }) => name === bucket.name.replace(/_bucket$/, '_count')),
  }));
  const counted =
    available.length > 0
      ? []
      : histograms.flatMap(({ count }) => (count ? (availability(count, shared, prefix) ?? []) : []));
  const fast = histograms.flatMap(({ bucket, count }) =>
    count ? (latency(bucket, count, shared, prefix) ?? []) : [],
  );
  return uniquelyNamed([...available, ...counted, ...fast]);
}

function availability(
  { name, rows: all }: ObservedMetric,
  shared: readonly string[],
  prefix: string,
): Proposal | undefined {
  const { rows, matchers } = withoutProbes(all);
  const outcome = outcomeOf(rows.map(({ labels }) => labels));
  if (!outcome) return undefined;
  const total = sum(rows);
  const bad = sum(rows.filter(({ labels }) => outcome.isBad(labels[outcome.label] ?? '')));
  const objective = objectiveFor(total - bad, total);
  const selector = (...more: string[]) => selectorOf(name, [...shared, ...matchers, ...more]);
  return {
    metric: name,
    name: `${stemOf(name, prefix)}-availability`,
    promise: 'succeed',
    counts: outcome.hasBad ? 'bad' : 'good',
    events: selector(outcome.hasBad ? outcome.bad : outcome.good),
    total: selector(),
    objective,
    seen: seenText(total - bad, total, 'succeeded'),
  };
}

function latency(
  bucket: ObservedMetric,
  count: ObservedMetric,
  shared: readonly string[],
  prefix: string,
): Proposal | undefined {
  const unit = unitOf(bucket.name);
  if (unit === undefined) return undefined;
  const { rows, matchers } = withoutProbes(bucket.rows);
  const outcome = outcomeOf(count.rows.map(({ labels }) => labels));
  const good = rows.filter(({ labels }) => !outcome?.isBad(labels[outcome.label] ?? ''));
  const total = sum(withoutProbes(count.rows).rows);
  const les = [...new Set(rows.map(({ labels }) => labels.le ?? '+Inf'))]
    .filter(le => le !== '+Inf')
    .sort((a, b) => Number(a) - Number(b));
  // Increases are extrapolated for each series apart, and may come out above those of the count.
  const within = (le: string) => Math.min(total, sum(good.filter(({ labels }) => labels.le === le)));
  const le =
    total === 0
      ? les.find(bound => Number(bound) * unit >= USUAL_SECONDS)
      : les.find(bound => within(bound) >= FAST_ENOUGH * total);
  const chosen = le ?? les.at(-1);
  if (chosen === undefined) return undefined;
  const time = `${Number((Number(chosen) * unit * 1000).toPrecision(6))} ms`;
  return {
    metric: bucket.name,
    name: `${stemOf(bucket.name, prefix)}-latency`,
    promise: `are answered within ${time}`,
    counts: 'good',
    events: selectorOf(bucket.name, [
      ...shared,
      ...matchers,
      ...goodMatchers(outcome),
      `le=${JSON.stringify(chosen)}`,
    ]),
    total: selectorOf(count.name, [...shared, ...matchers]),
    objective: objectiveFor(within(chosen), total),
    seen: seenText(within(chosen), total, `took no more than ${time}`),
  };
}

const goodMatchers = (outcome: Outcome | undefined) => (outcome ? [outcome.good] : []);

/** How long 1 of the histogram's unit is, in seconds; undefined where it is no time that somebody waits. */
function unitOf(name: string): number | undefined {
  const stem = name.replace(/_bucket$/, '');
  if (INNER_WORKINGS.test(stem)) return undefined;
  if (/_(milliseconds|ms|millis)$/.test(stem)) return 0.001;
  return /(_seconds|duration|latency)$/.test(stem) ? 1 : undefined;
}

/** Rows without those of probes, and the matchers that leave the same away. */
function withoutProbes(rows: readonly ObservedRow[]): { rows: readonly ObservedRow[]; matchers: string[] } {
  const route = ROUTES.find(label => rows.some(({ labels }) => labels[label]));
  const isProbe = ({ labels }: ObservedRow) => route !== undefined && PROBE.test(labels[route] ?? '');
  const probes = [...new Set(rows.filter(isProbe).map(({ labels }) => labels[route!]!))].sort();
  const kept = rows.filter(row => !isProbe(row));
  if (probes.length === 0 || kept.length === 0) return { rows, matchers: [] };
  return { rows: kept, matchers: [`${route}!~${JSON.stringify(probes.map(literal).join('|'))}`] };
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const sum = (rows: readonly ObservedRow[]) => rows.reduce((total, row) => total + row.total, 0);

const selectorOf = (name: string, matchers: readonly string[]) =>
  matchers.length === 0 ? name : `${name}{${matchers.join(', ')}}`;

/** `requests` of `service_a_requests_total`: what is counted, as a DNS label. */
function stemOf(name: string, prefix: string): string {
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const stem = rest
    .replace(/_(total|bucket|count)$/, '')
    .replace(/_(seconds|milliseconds|duration|latency)/g, '');
  return (stem || rest)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

function seenText(good: number, all: number, did: string): string {
  if (all === 0) return 'no traffic was seen: the objective is a guess';
  const share = Number(((good / all) * 100).toPrecision(6));
  return `${share} % of ${Math.round(all).toLocaleString('en')} ${did}`;
}

/** Ordered by name. An only one of its kind is named by its kind; others of one name get numbers. */
function uniquelyNamed(proposals: readonly Proposal[]): Proposal[] {
  const kindOf = ({ name }: Proposal) => name.slice(name.lastIndexOf('-') + 1);
  const kinds = Map.groupBy(proposals, kindOf);
  const short = proposals.map(proposal =>
    kinds.get(kindOf(proposal))!.length === 1 ? { ...proposal, name: kindOf(proposal) } : proposal,
  );
  return short
    .map((proposal, i) => {
      const before = short.slice(0, i).filter(({ name }) => name === proposal.name).length;
      return before === 0 ? proposal : { ...proposal, name: `${proposal.name}-${before + 1}` };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
