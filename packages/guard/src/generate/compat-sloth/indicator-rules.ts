import { formatDuration, type Milliseconds } from '../../core/index.ts';
import { type AlertWindows, compileQuery, type SlothSli } from '../../slo/index.ts';
import { inOrder } from '../compat-yaml.ts';
import type { RecordingRule } from '../rule-types.ts';
import { errorRatio } from './names.ts';
import { type CompatSlo, idLabels, idSelector } from './slo.ts';

/**
 * The error ratio over each window of the alerts and over the period, as internal/plugin/slo/core/sli_rules_v1 has it.
 * The period's is the mean of the shortest window's slices, whatever traffic each had.
 */
export function indicatorRules(slo: CompatSlo): RecordingRule[] {
  const render = compileQuery(templateOf(slo.sli));
  // A period that is a window too is recorded twice, as there.
  return [...windowsOf(slo.windows), slo.period].map(window => {
    const text = formatDuration(window);
    return {
      record: errorRatio(window),
      expr: window === slo.period ? meanOverPeriod(slo) : render(text),
      labels: inOrder({ ...idLabels(slo), sloth_window: text, ...slo.labels }),
    };
  });
}

const templateOf = (sli: SlothSli): string =>
  sli.kind === 'raw' ? `(${sli.errorRatioQuery})` : `(${sli.errorQuery})\n/\n(${sli.totalQuery})\n`;

/** Each once, the shortest first. */
function windowsOf({ page, ticket }: AlertWindows): Milliseconds[] {
  const all = [page.quick, page.slow, ticket.quick, ticket.slow].flatMap(({ shortWindow, longWindow }) => [
    shortWindow,
    longWindow,
  ]);
  return [...new Set(all)].sort((a, b) => a - b);
}

function meanOverPeriod(slo: CompatSlo): string {
  const series = `${errorRatio(slo.windows.page.quick.shortWindow)}${idSelector(slo)}[${formatDuration(slo.period)}]`;
  return `sum_over_time(${series})\n/ ignoring (sloth_window)\ncount_over_time(${series})\n`;
}
