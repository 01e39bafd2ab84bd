import {
  type AnyValue,
  type Attribute,
  type Resource,
  type Scope,
  type Span,
  STATUS_ERROR,
  STATUS_OK,
  spanKindName,
  valueToJson,
} from '../otlp/index.ts';

const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });

/** What Jaeger calls the kinds in the tag `span.kind`; an internal span has it too, an unspecified one has not. */
function kindTags(span: Span): Attribute[] {
  const kind = spanKindName(span.kind);
  return kind === 'unspecified' ? [] : [text('span.kind', kind)];
}

/** OpenTelemetry to Jaeger: `otel.status_code`, `otel.status_description` and `error` (trace/sdk_exporters). */
function statusTags({ status }: Span): Attribute[] {
  const tags: Attribute[] = [];
  if (status.code === STATUS_OK) tags.push(text('otel.status_code', 'OK'));
  if (status.code === STATUS_ERROR)
    tags.push(text('otel.status_code', 'ERROR'), { key: 'error', value: { type: 'bool', value: true } });
  if (status.message !== '') tags.push(text('otel.status_description', status.message));
  return tags;
}

function scopeTags({ name, version }: Scope): Attribute[] {
  const tags: Attribute[] = [];
  if (name !== '') tags.push(text('otel.scope.name', name));
  if (version !== '') tags.push(text('otel.scope.version', version));
  return tags;
}

/** A span's tags as Jaeger shows them: its attributes and what its other fields become. */
export function tagsOf(span: Span, scope: Scope): readonly Attribute[] {
  const derived = [...scopeTags(scope), ...kindTags(span), ...statusTags(span)];
  if (span.traceState !== '') derived.push(text('w3c.tracestate', span.traceState));
  const names = new Set(derived.map(tag => tag.key));
  return [...span.attributes.filter(attribute => !names.has(attribute.key)), ...derived];
}

/** A value as text: what a search compares with and what a tag of a structured value shows. */
export function valueText(value: AnyValue): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'bytes':
      return Buffer.from(value.value).toString('base64');
    case 'array':
    case 'map':
      return JSON.stringify(plainValue(value));
    case 'empty':
      return '';
    default:
      return String(value.value);
  }
}

/** A value as plain JSON; integers that a number cannot hold become strings. */
export function plainValue(value: AnyValue): unknown {
  switch (value.type) {
    case 'array':
      return value.value.map(plainValue);
    case 'map':
      return Object.fromEntries(value.value.map(({ key, value: item }) => [key, plainValue(item)]));
    case 'int': {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : value.value.toString();
    }
    case 'double':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      return valueToJson(value).bytesValue;
    case 'empty':
      return null;
    default:
      return value.value;
  }
}

/** Whether each tag is found with its value on the span, one of its events, or its resource. */
export function matchesTags(
  wanted: Readonly<Record<string, string>>,
  span: Span,
  scope: Scope,
  resource: Resource,
): boolean {
  const lists = [tagsOf(span, scope), resource.attributes, ...span.events.map(event => event.attributes)];
  return Object.entries(wanted).every(([key, value]) =>
    lists.some(list => list.some(tag => tag.key === key && valueText(tag.value) === value)),
  );
}

/** Keys of tags that are made from other fields of a span, and so do not stand in its attributes. */
const DERIVED_KEYS: ReadonlySet<string> = new Set([
  'span.kind',
  'error',
  'otel.status_code',
  'otel.status_description',
  'otel.scope.name',
  'otel.scope.version',
  'w3c.tracestate',
]);

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/**
 * A quick look, without parsing, at the stored JSON of a context and then of its spans: whether the tags may be
 * found there. Never false for a span that `matchesTags`; twenty times cheaper than parsing.
 */
export function createTagSieve(
  wanted: Readonly<Record<string, string>>,
): (contextJson: string) => (spanJson: string) => boolean {
  const tags = Object.entries(wanted).filter(([key]) => !DERIVED_KEYS.has(key));
  const needles = tags.map(([key, value]) => ({ key: inJson(key), value: inJson(value) }));
  // The text of a structured value is not how it stands in OTLP's JSON.
  const isStructured = (json: string) => json.includes('"arrayValue"') || json.includes('"kvlistValue"');
  const mayHave = (json: string, { key, value }: { key: string; value: string }) =>
    json.includes(key) && (json.includes(value) || isStructured(json));
  return contextJson => {
    const left = needles.filter(needle => !mayHave(contextJson, needle));
    return spanJson => left.every(needle => mayHave(spanJson, needle));
  };
}
