import { DAY, type Dataset } from './dataset.ts';

/** SLOs, each with a series of good and one of bad requests. */
const SLOS = 100;
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'];

export const SLO_SET: Dataset = {
  job: 'slos',
  series: SLOS * 2,
  span: 30 * DAY,
  labels: index => ({ slo: `slo-${index >> 1}`, code: index % 2 === 0 ? '200' : '500' }),
};

const ratio = (slo: string, window: string) =>
  `sum(rate(http_requests_total{slo="${slo}",code=~"5.."}[${window}])) / sum(rate(http_requests_total{slo="${slo}"}[${window}]))`;

const record = (window: string) => `slo:error_ratio:rate${window}`;

function group(slo: string, interval: string) {
  const burns = (window: string, factor: number) => `${record(window)}{slo="${slo}"} > ${factor * 0.01}`;
  return {
    name: slo,
    interval,
    rules: [
      ...WINDOWS.map(window => ({ record: record(window), expr: ratio(slo, window), labels: { slo } })),
      {
        alert: 'BurnsFast',
        expr: `${burns('5m', 14.4)} and ${burns('1h', 14.4)}`,
        labels: { severity: 'page' },
      },
      {
        alert: 'BurnsSlowly',
        expr: `${burns('30m', 6)} and ${burns('6h', 6)}`,
        labels: { severity: 'ticket' },
      },
    ],
  };
}

/** 100 SLOs, each a group of 8 recorded windows and 2 alerts, as generators of rules write them. JSON is YAML. */
export const ruleFile = (interval: string): string =>
  JSON.stringify({ groups: Array.from({ length: SLOS }, (_, i) => group(`slo-${i}`, interval)) });

export const GROUPS = SLOS;
/** Series that the rules record. */
export const RECORDED = SLOS * WINDOWS.length;
