import { Labels, METRIC_NAME, UserError } from '../core/index.ts';
import type { ReadSeries } from '../exposition/index.ts';
import { isLabelName, isMetricName, type NameValidation } from './name-validation.ts';
import { relabel } from './relabel/relabel.ts';
import type { Target } from './target.ts';

/** A series' labels with the target's: conflicts by honor_labels, then relabelled. Undefined when dropped. */
export function sampleLabels(exposed: ReadSeries, target: Target): Labels | undefined {
  const { config } = target;
  const merged = config.honorLabels
    ? withHonoredLabels(exposed, target.labels)
    : withTargetLabels(exposed.labels, target.labels);
  const result = relabel(merged, config.metricRelabelRules);
  return result && result.size > 0 ? result : undefined;
}

/** The exposed labels win. One that is exposed empty keeps the target's away: so a Pushgateway hides its own instance. */
const withHonoredLabels = ({ labels, emptyLabels }: ReadSeries, target: Labels): Labels =>
  Labels.of([...target.without(emptyLabels), ...labels]);

/** The target's labels win; what they cover moves to `exported_…`, repeated until the name is free. */
function withTargetLabels(exposed: Labels, target: Labels): Labels {
  const merged = new Map([...exposed, ...target]);
  const conflicts = [...target]
    .map(([name]) => ({ name, value: exposed.get(name) }))
    .filter(({ value }) => value !== '')
    .sort((a, b) => a.name.length - b.name.length);
  for (const { name, value } of conflicts) {
    let free = `exported_${name}`;
    while (merged.has(free)) free = `exported_${free}`;
    merged.set(free, value);
  }
  return Labels.of(merged);
}

/** @throws UserError `no-metric-name`, `bad-name`, `label-limit`, `label-name-length-limit`, `label-value-length-limit` */
export function checkSampleLabels(labels: Labels, { config }: Target): void {
  const metric = labels.get(METRIC_NAME);
  if (metric === '') throw new UserError('no-metric-name', `a series has no metric name: ${labels}`);
  checkNames(labels, metric, config.nameValidation);
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = config;
  if (labelLimit > 0 && labels.size > labelLimit) {
    throw new UserError(
      'label-limit',
      `label_limit exceeded: ${metric.slice(0, 50)} has ${labels.size} labels, ${labelLimit} are allowed`,
    );
  }
  if (labelNameLengthLimit === 0 && labelValueLengthLimit === 0) return;
  for (const [name, value] of labels) {
    checkLength('label_name_length_limit', metric, name, name, labelNameLengthLimit);
    checkLength('label_value_length_limit', metric, name, value, labelValueLengthLimit);
  }
}

function checkNames(labels: Labels, metric: string, validation: NameValidation): void {
  if (!isMetricName(metric, validation)) throw new UserError('bad-name', `bad metric name: ${labels}`);
  for (let i = 0; i < labels.flat.length; i += 2) {
    const name = labels.flat[i]!;
    if (name !== METRIC_NAME && !isLabelName(name, validation))
      throw new UserError('bad-name', `bad label name ${JSON.stringify(name)}: ${labels}`);
  }
}

function checkLength(limitName: string, metric: string, label: string, text: string, limit: number): void {
  const length = limit > 0 ? Buffer.byteLength(text) : 0;
  if (length <= limit) return;
  throw new UserError(
    limitName.replaceAll('_', '-'),
    `${limitName} exceeded: label ${label.slice(0, 50)} of ${metric.slice(0, 50)} takes ${length} bytes, ${limit} are allowed`,
  );
}
