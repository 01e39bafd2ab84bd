import { compareStrings, goQuote } from '../../core/index.ts';
import { isDuration, isGoTime, isStringer } from '../../template/index.ts';
import { goTimeNano } from './go-time-json.ts';

/** Where a struct carries the names that its fields have in JSON. */
const JSON_NAMES: unique symbol = Symbol('JsonNames');

/** A struct with Go's `json:"…"` tags. */
export const withJsonNames = <T extends object>(struct: T, names: Readonly<Record<string, string>>): T =>
  Object.defineProperty(struct, JSON_NAMES, { value: names });

/**
 * As Go's encoding/json writes a value of templates: maps sorted by their keys, structs by their tags, methods left out,
 * no raw `<`, `>`, `&` or line separators. @throws Error for NaN and infinities
 */
export function goMarshal(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return textOf(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`json: unsupported value: ${value}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : objectOf(value);
    case 'function':
      throw new Error('json: unsupported type: func()');
    default:
      return 'null';
  }
}

function objectOf(value: object): string {
  if (Array.isArray(value)) return `[${value.map(goMarshal).join(',')}]`;
  if (value instanceof Map)
    return braces([...value].sort(([a], [b]) => compareStrings(String(a), String(b))));
  if (isGoTime(value)) return goQuote(goTimeNano(value));
  if (isDuration(value)) return String(value.nanoseconds);
  if (isStringer(value)) return textOf(value.goString());
  const names = (value as { [JSON_NAMES]?: Readonly<Record<string, string>> })[JSON_NAMES];
  const fields = Object.entries(value).filter(([, each]) => typeof each !== 'function' && each !== undefined);
  return braces(fields.map(([name, each]) => [names?.[name] ?? name, each]));
}

const braces = (entries: readonly (readonly [unknown, unknown])[]) =>
  `{${entries.map(([key, each]) => `${textOf(String(key))}:${goMarshal(each)}`).join(',')}}`;

const textOf = (text: string) =>
  JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
