import { compareStrings } from '../core/index.ts';
import type { AnyValue, Attribute } from '../otlp/index.ts';

/**
 * What an attribute's value becomes as the value of a label: text as it is, numbers as JSON writes them, lists and
 * maps as JSON (OpenTelemetry Collector: pdata/pcommon/value.go `AsString`).
 */
export function attributeText(value: AnyValue): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'bool':
    case 'int':
      return String(value.value);
    case 'double':
      return numberText(value.value);
    case 'bytes':
      return base64(value.value);
    case 'array':
    case 'map':
      return json(value) ?? '';
    case 'empty':
      return '';
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const numberText = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

/** As Go's encoding/json without escapes for HTML; undefined where it has no form: NaN and infinities inside. */
function json(value: AnyValue): string | undefined {
  switch (value.type) {
    case 'string':
      return jsonString(value.value);
    case 'double':
      return Number.isFinite(value.value) ? numberText(value.value) : undefined;
    case 'bytes':
      return jsonString(base64(value.value));
    case 'array':
      return joined(value.value.map(json), '[', ']');
    case 'map':
      return jsonMap(value.value);
    case 'empty':
      return 'null';
    default:
      return attributeText(value);
  }
}

/** Keys are sorted; of one that is given twice the last value holds. */
function jsonMap(attributes: readonly Attribute[]): string | undefined {
  const entries = [...new Map(attributes.map(({ key, value }) => [key, value]))];
  const members = entries
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([key, value]) => {
      const text = json(value);
      return text === undefined ? undefined : `${jsonString(key)}:${text}`;
    });
  return joined(members, '{', '}');
}

function joined(parts: ReadonlyArray<string | undefined>, open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(',')}${close}`;
}

/** Go escapes the two line separators of JavaScript as well. */
const jsonString = (text: string) =>
  JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
