import type { Matcher } from '../../core/index.ts';
import type { Expr, VectorSelector } from '../../promql/index.ts';
import type { Slo } from '../model.ts';
import { type Counter, countersOf } from './counters.ts';
import type { Fault } from './fault.ts';
import type { LiveMetrics } from './live.ts';
import { parsedOrUndefined } from './ratio-shape.ts';

/** Values that a message names at most. */
const SHOWN_VALUES = 8;

/** What the selectors of an objective match now; of those that match nothing, why. */
export async function selectorFaults({ sli }: Slo, live: LiveMetrics): Promise<Fault[]> {
  const found = await Promise.all(countersOf(sli).map(counter => counterFault(counter, live)));
  return found.filter(fault => fault !== undefined);
}

async function counterFault(counter: Counter, live: LiveMetrics): Promise<Fault | undefined> {
  if ((await live.count(counter.selector)) > 0) return undefined;
  const selector = parsedOrUndefined(counter.selector);
  if (!isSelector(selector)) return undefined;
  const culprit = await culpritOf(selector, live);
  if (!culprit) return matchesNothing(counter, await namesNothing(selector, live));
  const values = await live.labelValues(culprit.name, withoutMatcher(selector, culprit));
  const bucket = missingBucket(counter, selector, culprit, values);
  if (bucket) return bucket;
  const known = `${culprit.name} is ${values.length === 0 ? 'not a label' : shown(values)} of its live series`;
  if (counter.role !== 'bad') return matchesNothing(counter, `without ${culprit} it matches: ${known}`);
  return {
    code: 'late-counter',
    message: `no live series has ${culprit}: ${known}. Either no failure has happened yet, or the value is misspelt; a counter that is born with its first failure hides that one from every rate`,
    remedy: 'let the service export every label combination at 0 from its start',
    at: counter.text,
  };
}

const isSelector = (expr: Expr | undefined): expr is VectorSelector => expr?.type === 'vector';

/** The matcher without which the rest matches, when there is one. */
async function culpritOf(selector: VectorSelector, live: LiveMetrics): Promise<Matcher | undefined> {
  const candidates = selector.matchers.filter(({ name }) => name !== '__name__');
  const counts = await Promise.all(candidates.map(matcher => live.count(withoutMatcher(selector, matcher))));
  return candidates.find((_, i) => counts[i]! > 0);
}

const withoutMatcher = ({ matchers }: VectorSelector, left: Matcher): string =>
  `{${matchers.filter(matcher => matcher !== left).join(', ')}}`;

async function namesNothing({ name }: VectorSelector, live: LiveMetrics): Promise<string> {
  if (name === '') return 'no series has these labels';
  const isKnown = (await live.count(`{__name__=${JSON.stringify(name)}}`)) > 0;
  return isKnown ? 'each of several matchers matches nothing' : `there is no metric ${name}`;
}

const matchesNothing = ({ selector, text }: Counter, why: string): Fault => ({
  code: 'selector-matches-nothing',
  message: `${selector} matches no live series: ${why}`,
  remedy: 'mend the selector, or see that the service is scraped',
  at: text,
});

/** `le` is a number whose text must be the exporter's, or no bucket is found. */
function missingBucket(
  counter: Counter,
  { name }: VectorSelector,
  { name: label, operator, value }: Matcher,
  buckets: readonly string[],
): Fault | undefined {
  if (label !== 'le' || operator !== '=' || !name.endsWith('_bucket')) return undefined;
  const sorted = [...buckets].sort((a, b) => boundOf(a) - boundOf(b));
  const same = sorted.find(bucket => boundOf(bucket) === boundOf(value));
  const nearest = sorted.reduce<string | undefined>(
    (best, bucket) => (best === undefined || distance(bucket, value) < distance(best, value) ? bucket : best),
    undefined,
  );
  return {
    code: 'missing-bucket',
    message: `le="${value}" is not a bucket of ${name}: ${
      same === undefined ? `its buckets are ${shown(sorted)}` : `there it is written le="${same}"`
    }`,
    remedy:
      same === undefined
        ? `choose le="${nearest}", or let the service have a bucket at ${value}`
        : `write le="${same}"`,
    at: counter.text,
  };
}

const boundOf = (le: string) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

const distance = (bucket: string, wanted: string) => Math.abs(boundOf(bucket) - boundOf(wanted));

const shown = (values: readonly string[]) =>
  `${values
    .slice(0, SHOWN_VALUES)
    .map(value => JSON.stringify(value))
    .join(', ')}${values.length > SHOWN_VALUES ? ', …' : ''}`;
