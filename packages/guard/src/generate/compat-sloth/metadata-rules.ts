import { formatFloat, formatFloatShort, type Milliseconds } from '../../core/index.ts';
import { hoursOf } from '../../slo/index.ts';
import { inOrder } from '../compat-yaml.ts';
import type { RecordingRule } from '../rule-types.ts';
import { errorRatio, SERIES, SLOTH_VERSION } from './names.ts';
import { type CompatSlo, idLabels, idSelector } from './slo.ts';

/** What dashboards show of an SLO, as internal/plugin/slo/core/metadata_rules_v1 has it. */
export function metadataRules(slo: CompatSlo): RecordingRule[] {
  const labels = { ...idLabels(slo), ...slo.labels };
  const ratio = formatFloatShort(slo.objective / 100);
  const rule = (
    record: string,
    expr: string,
    more: Readonly<Record<string, string>> = {},
  ): RecordingRule => ({
    record,
    expr,
    labels: inOrder({ ...labels, ...more }),
  });
  return [
    rule(SERIES.objective, `vector(${ratio})`),
    rule(SERIES.errorBudget, `vector(1-${ratio})`),
    rule(SERIES.periodDays, `vector(${formatFloatShort(hoursOf(slo.period) / 24)})`),
    rule(SERIES.currentBurnRate, burnRate(slo, slo.windows.page.quick.shortWindow)),
    rule(SERIES.periodBurnRate, burnRate(slo, slo.period)),
    rule(SERIES.budgetRemaining, `1 - ${SERIES.periodBurnRate}${idSelector(slo)}`),
    rule(SERIES.info, 'vector(1)', {
      sloth_version: SLOTH_VERSION,
      sloth_mode: slo.mode,
      sloth_spec: slo.spec,
      sloth_objective: formatFloat(slo.objective),
    }),
  ];
}

const burnRate = (slo: CompatSlo, window: Milliseconds): string =>
  `${errorRatio(window)}${idSelector(slo)}\n` +
  '/ on(sloth_id, sloth_slo, sloth_service) group_left\n' +
  `${SERIES.errorBudget}${idSelector(slo)}\n`;
