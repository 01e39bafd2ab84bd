import type { Attribute, Resource, Scope } from '../otlp/index.ts';
import { attributeText } from './attribute-text.ts';
import type { LabelNamer } from './label-names.ts';
import type { TranslationSettings } from './settings.ts';

/** Labels by their names, or why they cannot be made. */
export type LabelsResult =
  | { readonly labels: ReadonlyMap<string, string>; readonly problem?: undefined }
  | { readonly problem: string; readonly labels?: undefined };

/** What every series of a resource has. */
export interface ResourceLabels {
  readonly promoted: ReadonlyMap<string, string>;
  /** Empty where the resource does not say. */
  readonly job: string;
  readonly instance: string;
}

/** Resource attributes that `job` and `instance` are made of (OpenTelemetry: resource semantic conventions). */
const SERVICE_NAMESPACE = 'service.namespace';
const SERVICE_NAME = 'service.name';
const SERVICE_INSTANCE = 'service.instance.id';
export const IDENTIFYING_ATTRIBUTES: readonly string[] = [SERVICE_NAMESPACE, SERVICE_NAME, SERVICE_INSTANCE];

/** The text of the first attribute with this key. */
function textOf(attributes: readonly Attribute[], key: string): string | undefined {
  const attribute = attributes.find(one => one.key === key);
  return attribute && attributeText(attribute.value);
}

function jobOf(attributes: readonly Attribute[]): string {
  const name = textOf(attributes, SERVICE_NAME);
  const namespace = textOf(attributes, SERVICE_NAMESPACE);
  if (name === undefined) return '';
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** (Prometheus: storage/remote/otlptranslator/prometheusremotewrite `setResourceContext`.) */
export function resourceLabels(
  { attributes }: Resource,
  { promotedAttributes: { all, names } }: TranslationSettings,
  namer: LabelNamer,
): ResourceLabels | { readonly problem: string } {
  const chosen = attributes.filter(({ key }) => names.includes(key) !== all);
  const { labels, problem } = attributeLabels(chosen, namer);
  if (problem !== undefined) return { problem };
  return {
    promoted: labels,
    job: jobOf(attributes),
    instance: textOf(attributes, SERVICE_INSTANCE) ?? '',
  };
}

/** Of two attributes with the same label name the later one holds. */
function attributeLabels(attributes: readonly Attribute[], namer: LabelNamer, prefix = ''): LabelsResult {
  const labels = new Map<string, string>();
  for (const { key, value } of attributes) {
    const { name, problem } = namer(`${prefix}${key}`);
    if (problem !== undefined) return { problem };
    setLabel(labels, name, attributeText(value));
  }
  return { labels };
}

/** A label without a value does not exist. */
export function setLabel(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

/** What every series of a scope has, where scopes are promoted (`setScopeContext`). */
export function scopeLabels(
  scope: Scope,
  schemaUrl: string,
  { promotesScope }: TranslationSettings,
  namer: LabelNamer,
): LabelsResult {
  if (!promotesScope || scope.name === '') return { labels: new Map() };
  const { labels, problem } = attributeLabels(scope.attributes, namer, 'otel_scope_');
  if (problem !== undefined) return { problem };
  const all = new Map(labels);
  all.set('otel_scope_name', scope.name);
  all.set('otel_scope_version', scope.version);
  all.set('otel_scope_schema_url', schemaUrl);
  return { labels: all };
}
