import { DAY, type Dataset } from './dataset.ts';
import { errorRatio, instant, range, rate, STEP_SECONDS } from './questions.ts';

/** A query that both engines are asked, and how much faster ours is meant to be. */
export interface QueryRow {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  /** The least ratio of Prometheus's time to ours. */
  readonly goal: number;
}

const TWENTY: Dataset = { job: 'twenty', series: 20, span: 30 * DAY };
export const TWO_HUNDRED: Dataset = { job: 'two-hundred', series: 200, span: 30 * DAY };
export const QUERY_SETS = [TWENTY, TWO_HUNDRED];

function instantRow(id: string, set: Dataset, window: string, goal: number): QueryRow {
  const query = rate(set, window);
  return {
    id: `instant-${id}-${set.series}`,
    title: `instant sum(rate[${window}]), ${set.series} series`,
    path: instant(query),
    goal,
  };
}

function rangeRow(set: Dataset, window: string, days: number, goal: number): QueryRow {
  return {
    id: `range-${window}-${set.series}`,
    title: `range errors/total [${window}] over ${days} d, step ${STEP_SECONDS} s, ${set.series} series`,
    path: range(errorRatio(set, window), days),
    goal,
  };
}

const instantRatio = (set: Dataset): QueryRow => ({
  id: `instant-ratio-30d-${set.series}`,
  title: `instant errors/total [30d], ${set.series} series`,
  path: instant(errorRatio(set, '30d')),
  goal: 50,
});

/** The rows of the table that are one query, in its order. */
export const QUERY_ROWS: readonly QueryRow[] = [
  instantRow('30d', TWENTY, '30d', 100),
  instantRow('30d', TWO_HUNDRED, '30d', 100),
  instantRatio(TWENTY),
  instantRatio(TWO_HUNDRED),
  instantRow('5m', TWENTY, '5m', 1),
  instantRow('5m', TWO_HUNDRED, '5m', 1),
  instantRow('1h', TWENTY, '1h', 1),
  instantRow('1h', TWO_HUNDRED, '1h', 1),
  rangeRow(TWENTY, '1h', 30, 10),
  rangeRow(TWO_HUNDRED, '1h', 30, 10),
  rangeRow(TWO_HUNDRED, '1d', 29, 50),
];
