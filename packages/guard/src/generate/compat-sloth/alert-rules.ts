import { formatFloatShort } from '../../core/index.ts';
import { type AlertWindow, burnFactor, type SlothAlert } from '../../slo/index.ts';
import { inOrder } from '../compat-yaml.ts';
import type { AlertingRule } from '../rule-types.ts';
import { errorRatio } from './names.ts';
import { type CompatSlo, idSelector } from './slo.ts';

type Severity = 'page' | 'ticket';

/** Two alerts at most, each for a quick and a slow burn, as internal/plugin/slo/core/alert_rules_v1 has them. */
export function alertRules(slo: CompatSlo): AlertingRule[] {
  return (['page', 'ticket'] as const).flatMap(severity => {
    const alert = slo[severity];
    return alert ? [alertRule(slo, alert, severity)] : [];
  });
}

function alertRule(slo: CompatSlo, alert: SlothAlert, severity: Severity): AlertingRule {
  const { quick, slow } = slo.windows[severity];
  return {
    alert: alert.name,
    expr: `(\n${bothWindows(slo, quick)})\nor\n(\n${bothWindows(slo, slow)})\n`,
    labels: inOrder({ sloth_severity: severity, ...alert.labels }),
    annotations: inOrder({
      title: `(${severity}) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.`,
      summary: '{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is over expected.',
      ...alert.annotations,
    }),
  };
}

function bothWindows(slo: CompatSlo, window: AlertWindow): string {
  // The budget's digits are those of the subtraction of doubles.
  const budget = formatFloatShort((100 - slo.objective) / 100);
  const threshold = `(${formatFloatShort(burnFactor(slo.period, window))} * ${budget})`;
  const [short, long] = [window.shortWindow, window.longWindow].map(
    length => `    max(${errorRatio(length)}${idSelector(slo)} > ${threshold}) without (sloth_window)\n`,
  );
  return `${short}    and\n${long}`;
}
