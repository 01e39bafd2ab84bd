import {
  formatFloat,
  formatFloatExponent,
  formatFloatShort,
  goQuote,
  type Milliseconds,
} from '../../core/index.ts';
import type { Span } from '../ast.ts';

/** What forcing a classic histogram to be monotonic changed. */
export interface MonotonicityFix {
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDiff: number;
}

/** Collects the remarks on a query; each text is told once, however often it applies. */
export interface Annotations {
  warn(message: string, span: Span): void;
  info(message: string, span: Span): void;
  forcedMonotonicity(metricName: string, fix: MonotonicityFix, at: Milliseconds, span: Span): void;
  warnings(): string[];
  infos(): string[];
}

interface MonotonicityNote extends MonotonicityFix {
  readonly span: Span;
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly count: number;
}

const FORCED =
  'PromQL info: input to histogram_quantile needed to be fixed for monotonicity ' +
  '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

/** Texts are those of Prometheus 3.16 (util/annotations), with the position in the query that it adds. */
export function createAnnotations(): Annotations {
  const warnings = new Map<string, Span>();
  const infos = new Map<string, Span>();
  const fixes = new Map<string, MonotonicityNote>();
  const place = (span: Span): string => `${span.line}:${span.column}`;
  const printed = (notes: Map<string, Span>): string[] =>
    [...notes].map(([message, span]) => `${message} (${place(span)})`);

  return {
    warn: (message, span) => void warnings.set(`PromQL warning: ${message}`, span),
    info: (message, span) => void infos.set(`PromQL info: ${message}`, span),
    forcedMonotonicity(metricName, fix, at, span) {
      const key = metricName === '' ? FORCED : `${FORCED} for metric name ${goQuote(metricName)}`;
      const known = fixes.get(key);
      fixes.set(key, known ? merge(known, fix, at) : { ...fix, span, from: at, to: at, count: 1 });
    },
    warnings: () => limited('warning', printed(warnings)),
    infos: () =>
      limited('info', [
        ...printed(infos),
        ...[...fixes].map(
          ([message, { minBucket, maxBucket, maxDiff, span, from, to, count }]) =>
            `${message}, from buckets ${formatFloatShort(minBucket)} to ${formatFloatShort(maxBucket)}, ` +
            `with a max diff of ${twoDigits(maxDiff)}, over ${count} samples ` +
            `from ${rfc3339(from)} to ${rfc3339(to)} (${place(span)})`,
        ),
      ]),
  };
}

const merge = (known: MonotonicityNote, fix: MonotonicityFix, at: Milliseconds): MonotonicityNote => ({
  span: known.span,
  from: Math.min(known.from, at),
  to: Math.max(known.to, at),
  minBucket: Math.min(known.minBucket, fix.minBucket),
  maxBucket: Math.max(known.maxBucket, fix.maxBucket),
  maxDiff: Math.max(known.maxDiff, fix.maxDiff),
  count: known.count + 1,
});

const rfc3339 = (at: Milliseconds): string =>
  new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Texts of one kind that a query's answer shows (Prometheus's web/api/v1). */
const MOST_SHOWN = 10;

function limited(kind: 'warning' | 'info', texts: string[]): string[] {
  const omitted = texts.length - MOST_SHOWN;
  return omitted > 0 ? [...texts.slice(0, MOST_SHOWN), `${omitted} more ${kind} annotations omitted`] : texts;
}

/** Go's %.2g: an exponent as soon as two digits do not reach the decimal point. */
function twoDigits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatFloat(value);
  const rounded = roundToTwoDigits(value);
  const power = Number(rounded.toExponential().split('e')[1]);
  return power < -4 || power >= 2 ? formatFloatExponent(rounded) : formatFloat(rounded);
}

/** A tie goes to the even digit, where `toPrecision` goes up. */
function roundToTwoDigits(value: number): number {
  const [first, second, ...rest] = value.toExponential(100).replace(/[-.]|e.*/g, '');
  const isTie = rest[0] === '5' && rest.slice(1).every(digit => digit === '0');
  if (!isTie || Number(second) % 2 === 1) return Number(value.toPrecision(2));
  return Number(`${value < 0 ? '-' : ''}${first}.${second}e${value.toExponential().split('e')[1]}`);
}
