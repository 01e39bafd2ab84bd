import type { Labels, Milliseconds } from '../../core/index.ts';
import type { AtModifier, DurationNode } from '../ast.ts';
import { executionError } from '../errors.ts';
import type { Querier } from '../storage.ts';
import type { Annotations } from './annotations.ts';
import type { Budget } from './budget.ts';
import type { Buffers } from './buffers.ts';
import { durationOf } from './duration.ts';
import type { SampleCounts } from './sample-counts.ts';

/** What stays the same throughout a query. */
export interface Query {
  readonly querier: Querier;
  readonly notes: Annotations;
  readonly budget: Budget;
  readonly buffers: Buffers;
  readonly lookback: Milliseconds;
  readonly noStepSubqueryInterval: Milliseconds;
  /** Metric names fall away when the query is done rather than at each function. */
  readonly delayedNameRemoval: boolean;
  /** The whole query's times: what `@ start()`, `@ end()`, `step()` and `range()` mean, in subqueries too. */
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  readonly step: Milliseconds;
}

/** The instants at which an expression is evaluated: `start + n × step` for n below `steps`. */
export interface EvalContext {
  readonly query: Query;
  readonly start: Milliseconds;
  readonly step: Milliseconds;
  readonly steps: number;
  /** Asked about one instant, not about a range that happens to hold no second step. */
  readonly isInstant: boolean;
  /** Where what is consumed is counted; undefined where nobody asked for it. */
  readonly counts: SampleCounts | undefined;
}

export const timeAt = (ctx: EvalContext, step: number): Milliseconds => ctx.start + step * ctx.step;
export const lastTime = (ctx: EvalContext): Milliseconds => timeAt(ctx, ctx.steps - 1);

export const fixedTime = (
  query: Pick<Query, 'start' | 'end'>,
  at: AtModifier | undefined,
): Milliseconds | undefined =>
  at === undefined
    ? undefined
    : at.kind === 'time'
      ? at.timestamp
      : at.kind === 'start'
        ? query.start
        : query.end;

export const offsetOf = (
  query: Pick<Query, 'start' | 'end' | 'step'>,
  offset: DurationNode | undefined,
): Milliseconds => (offset ? durationOf(offset, query, true) : 0);

/** Labels without those that tell what a metric is: a function changed what its value means. */
const METADATA: readonly string[] = ['__name__', '__type__', '__unit__'];
export const isMetadataLabel = (name: string): boolean => METADATA.includes(name);
export const withoutName = (labels: Labels): Labels => labels.without(METADATA);

export const duplicateLabels = (): Error =>
  executionError('promql-execution', 'vector cannot contain metrics with the same labelset');
