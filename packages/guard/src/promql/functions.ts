import type { ValueType } from './ast.ts';

/** A function's signature (Prometheus 3.16, promql/parser/functions.go). */
export interface FunctionSignature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /**
   * How many arguments beyond all but the last of `args` may be given: 0 means exactly `args`; n means that the last
   * may come 0 to n times; -1 any number of times.
   */
  readonly variadic: number;
}

const signature = (args: ValueType[], returns: ValueType = 'vector', variadic = 0): FunctionSignature => ({
  args,
  returns,
  variadic,
});

const MATH = signature(['vector']);
const OVER_RANGE = signature(['matrix']);
const DATE = signature(['vector'], 'vector', 1);

const of = (names: string, shared: FunctionSignature): [string, FunctionSignature][] =>
  names.split(' ').map(name => [name, shared]);

/** Every function that Prometheus counts as stable. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSignature> = new Map([
  ...of('abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad', MATH),
  ...of('sgn sin sinh sort sort_desc sqrt tan tanh timestamp', MATH),
  ...of(
    'absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta',
    OVER_RANGE,
  ),
  ...of(
    'increase irate last_over_time max_over_time min_over_time present_over_time rate resets',
    OVER_RANGE,
  ),
  ...of('stddev_over_time stdvar_over_time sum_over_time', OVER_RANGE),
  ...of('histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum', MATH),
  ...of('days_in_month day_of_month day_of_week day_of_year hour minute month year', DATE),
  ['clamp', signature(['vector', 'scalar', 'scalar'])],
  ['clamp_max', signature(['vector', 'scalar'])],
  ['clamp_min', signature(['vector', 'scalar'])],
  ['histogram_fraction', signature(['scalar', 'scalar', 'vector'])],
  ['histogram_quantile', signature(['scalar', 'vector'])],
  ['label_join', signature(['vector', 'string', 'string', 'string'], 'vector', -1)],
  ['label_replace', signature(['vector', 'string', 'string', 'string', 'string'])],
  ['pi', signature([], 'scalar')],
  ['predict_linear', signature(['matrix', 'scalar'])],
  ['quantile_over_time', signature(['scalar', 'matrix'])],
  ['round', signature(['vector', 'scalar'], 'vector', 1)],
  ['scalar', signature(['vector'], 'scalar')],
  ['time', signature([], 'scalar')],
  ['vector', signature(['scalar'])],
]);

/** Behind `--enable-feature=promql-experimental-functions` in Prometheus; refused by name here. */
export const EXPERIMENTAL_FUNCTIONS: ReadonlySet<string> = new Set([
  'double_exponential_smoothing',
  'end',
  'histogram_quantiles',
  'info',
  'integral',
  'mad_over_time',
  'max_of',
  'min_of',
  'range',
  'sort_by_label',
  'sort_by_label_desc',
  'start',
  'start_timestamp',
  'step',
  'ts_of_first_over_time',
  'ts_of_last_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
]);
