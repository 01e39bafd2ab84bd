import { formatFloat, formatFloatShort, toSeconds } from '../../core/index.ts';
import type { PyrraIndicator, PyrraMetric, PyrraObjective } from '../../slo/index.ts';
import { inOrder } from '../compat-yaml.ts';
import type { RecordingRule, RuleGroup } from '../rule-types.ts';
import { equal, migrated, selector } from './expressions.ts';
import { commonLabels } from './labels.ts';
import { countName, increaseName, sumName } from './names.ts';
import type { PyrraOptions } from './options.ts';

/**
 * Series of one name for all objectives (slo/rules.go, `GenericRules`); undefined where there is a grouping, for which
 * Pyrra has none but over native histograms.
 */
export function genericGroup(objective: PyrraObjective, options: PyrraOptions): RuleGroup | undefined {
  const { indicator, name, description, descriptionAsLabel } = objective;
  if (indicator.grouping.length > 0 && indicator.kind !== 'latencyNative') return undefined;
  const labels = inOrder({ ...commonLabels(objective), ...(descriptionAsLabel && { description }) });
  const rule = (record: string, expr: string): RecordingRule => ({ record, expr, labels });
  const { availability, requests, errors } = expressions(objective, indicator, options);
  return {
    name: `${name}-generic`,
    interval: '30s',
    rules: [
      rule('pyrra_objective', formatFloat(objective.target / 100)),
      rule('pyrra_window', String(Math.trunc(toSeconds(objective.window)))),
      rule('pyrra_availability', availability),
      ...(requests === undefined ? [] : [rule('pyrra_requests:rate5m', requests)]),
      ...(errors === undefined ? [] : [rule('pyrra_errors:rate5m', errors)]),
    ],
  };
}

interface Expressions {
  readonly availability: string;
  readonly requests?: string;
  readonly errors?: string;
}

function expressions(
  objective: PyrraObjective,
  indicator: PyrraIndicator,
  { prometheus3Migration: migration }: PyrraOptions,
): Expressions {
  const slo = equal('slo', objective.name);
  const recorded = (name: string, { matchers }: PyrraMetric, ...more: ReturnType<typeof equal>[]) =>
    selector(migrated({ name, matchers: [...matchers, ...more] }, migration && indicator.kind === 'latency'));
  const rate = (metric: PyrraMetric) =>
    `sum(rate(${selector(migrated(metric, migration && indicator.kind === 'latency'))}[5m]))`;
  const { window } = objective;
  switch (indicator.kind) {
    case 'ratio': {
      const { total, errors } = indicator;
      const failed = recorded(increaseName(errors.name, window), errors, slo);
      return {
        availability: `1 - sum(${failed} or vector(0)) / sum(${recorded(increaseName(total.name, window), total, slo)})`,
        requests: rate(total),
        errors: `${rate(errors)} or vector(0)`,
      };
    }
    case 'latency': {
      const { total, success } = indicator;
      const good = recorded(increaseName(success.name, window), success, slo);
      const all = recorded(increaseName(total.name, window), total, equal('le', ''), slo);
      return {
        availability: `sum(${good} or vector(0)) / sum(${all})`,
        requests: rate(total),
        errors: `${rate(total)} - ${rate(success)}`,
      };
    }
    case 'latencyNative': {
      const name = increaseName(indicator.total.name, window);
      const le = equal('le', formatFloatShort(toSeconds(indicator.latency)));
      const good = recorded(name, indicator.total, slo, le);
      return {
        availability: `sum(${good} or vector(0)) / sum(${recorded(name, indicator.total, slo, equal('le', ''))})`,
      };
    }
    case 'bool_gauge': {
      const { metric } = indicator;
      const all = `sum(${recorded(countName(metric.name, window), metric, slo)})`;
      const good = `sum(${recorded(sumName(metric.name, window), metric, slo)})`;
      return { availability: `${good} / ${all}`, requests: all, errors: `${all} - ${good}` };
    }
  }
}
