import { DAY, type Dataset, END } from './dataset.ts';

export const STEP_SECONDS = 300;

export const rate = ({ job }: Dataset, window: string): string =>
  `sum(rate(http_requests_total{job="${job}"}[${window}]))`;

export const errorRatio = ({ job }: Dataset, window: string): string =>
  `sum(rate(http_requests_total{job="${job}",code=~"5.."}[${window}])) / sum(rate(http_requests_total{job="${job}"}[${window}]))`;

const seconds = (time: number) => String(time / 1000);

/** The request for a query at the end of the data. */
export const instant = (query: string): string =>
  `/api/v1/query?${new URLSearchParams({ query, time: seconds(END) })}`;

/** The request for a query over the last days of the data. */
export const range = (query: string, days: number): string =>
  `/api/v1/query_range?${new URLSearchParams({
    query,
    start: seconds(END - days * DAY),
    end: seconds(END),
    step: String(STEP_SECONDS),
  })}`;
