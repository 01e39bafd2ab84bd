import { compareStrings, METRIC_NAME } from '../core/index.ts';
import type { Attribute } from '../otlp/index.ts';
import { attributeText } from './attribute-text.ts';
import type { LabelNamer } from './label-names.ts';
import { type LabelsResult, type ResourceLabels, setLabel } from './resource-labels.ts';
import type { TranslationSettings } from './settings.ts';

/** What a series' labels come from besides its own attributes. */
export interface LabelContext {
  readonly settings: TranslationSettings;
  readonly namer: LabelNamer;
  readonly resource: ResourceLabels;
  readonly scope: ReadonlyMap<string, string>;
  /** Told of label names that two attributes share. */
  onCollision(name: string): void;
}

/** Set from the metric's name; an attribute cannot be it. */
const RESERVED: readonly string[] = [METRIC_NAME];

/**
 * The labels of a data point without its metric's name (prometheusremotewrite `createAttributes`): attributes in the
 * order of their keys, values of colliding names joined by a semicolon; what the resource promotes stands back behind
 * them, while `job`, `instance` and the scope's labels replace them.
 */
export function pointLabels(
  attributes: readonly Attribute[],
  context: LabelContext,
  ignored: readonly string[] = RESERVED,
): LabelsResult {
  const { resource, scope } = context;
  const { labels: own, problem } = ownLabels(attributes, context, ignored);
  if (problem !== undefined) return { problem };
  const labels = new Map(own);
  for (const [name, value] of resource.promoted) if (!labels.has(name)) labels.set(name, value);
  if (resource.job !== '') labels.set('job', resource.job);
  if (resource.instance !== '') labels.set('instance', resource.instance);
  for (const [name, value] of scope) setLabel(labels, name, value);
  return { labels };
}

function ownLabels(
  attributes: readonly Attribute[],
  { settings, namer, onCollision }: LabelContext,
  ignored: readonly string[],
): LabelsResult {
  const sorted = attributes
    .filter(({ key }) => !ignored.includes(key))
    .sort((a, b) => compareStrings(a.key, b.key));
  const labels = new Map<string, string>();
  for (const { key, value } of sorted) {
    if (!settings.escapesNames) {
      if (key === '') return { problem: 'label name is empty' };
      setLabel(labels, key, attributeText(value));
      continue;
    }
    const { name, problem } = namer(key);
    if (problem !== undefined) return { problem };
    const before = labels.get(name);
    if (before !== undefined) onCollision(name);
    setLabel(labels, name, before === undefined ? attributeText(value) : `${before};${attributeText(value)}`);
  }
  return { labels };
}
