import { compareStrings } from '../core/index.ts';
import { type Directive, PLAIN, pad } from './directive.ts';
import { formatFloat, formatInteger } from './format-number.ts';
import { formatText } from './format-text.ts';
import { isStringer, typeName, typeOf } from './values.ts';

/** What an action shows (exec.go `printValue`): pointers are followed, and no value is called so. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  return formatNested(value, PLAIN);
}

/** A value as an argument of a format (fmt/print.go `printArg`). */
export function formatArgument(value: unknown, directive: Directive): string {
  const { verb } = directive;
  if (value === null || value === undefined)
    return verb === 'v' || verb === 'T' ? pad('<nil>', directive) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatText(typeName(value), { ...directive, verb: 's' })!;
  const mark = typeOf(value)?.isPointer && !isStringer(value) ? '&' : '';
  return mark + formatNested(value, directive);
}

/** Verbs for which a value that prints itself does so. */
const TEXT_VERBS = 'vsxXq';

function formatNested(value: unknown, directive: Directive): string {
  const shown = formatBasic(value, directive);
  return shown ?? badVerb(value, directive);
}

function formatBasic(value: unknown, directive: Directive): string | undefined {
  const { verb } = directive;
  switch (typeof value) {
    case 'string':
      return formatText(value, directive);
    case 'number':
      return formatFloat(value, directive);
    case 'bigint':
      return formatInteger(value, directive);
    case 'boolean':
      return verb === 't' || verb === 'v' ? pad(String(value), directive) : undefined;
    case 'object':
      if (value === null) return verb === 'v' ? '<nil>' : undefined;
      if (isStringer(value) && TEXT_VERBS.includes(verb)) return formatText(value.goString(), directive);
      return formatCollection(value, directive);
    default:
      return verb === 'v' ? '<nil>' : undefined;
  }
}

function formatCollection(value: object, directive: Directive): string {
  const { verb, plusV, sharpV } = directive;
  const item = (each: unknown) => formatNested(each, directive);
  const [open, separator, close] = sharpV
    ? [`${typeOf(value)?.name ?? typeName(value)}{`, ', ', '}']
    : ['', ' ', ''];
  const enclose = (items: readonly string[], before: string, after: string) =>
    (open || before) + items.join(separator) + (close || after);
  if (Array.isArray(value)) return enclose(value.map(item), '[', ']');
  if (value instanceof Map)
    return enclose(
      sortedEntries(value).map(([key, each]) => `${item(key)}:${item(each)}`),
      'map[',
      ']',
    );
  const fields = Object.entries(value).filter(([, each]) => typeof each !== 'function');
  const isNamed = verb === 'v' && (plusV || sharpV);
  return enclose(
    fields.map(([name, each]) => (isNamed ? `${name}:` : '') + item(each)),
    '{',
    '}',
  );
}

/** `%!d(string=x)`: the value under a verb that it does not have, with the flags as they are. */
function badVerb(value: unknown, directive: Directive): string {
  const { verb } = directive;
  if (value === null || value === undefined) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeName(value)}=${formatNested(value, { ...directive, verb: 'v' })})`;
}

/** In the order in which Go ranges over and prints a map. */
export function sortedEntries(map: ReadonlyMap<unknown, unknown>): [unknown, unknown][] {
  return [...map].sort(([a], [b]) => compareStrings(String(a), String(b)));
}

/** fmt.Sprint: a space between two values of which neither is a text. */
export const formatAll = (values: readonly unknown[]): string =>
  values
    .map((value, i) => {
      const needsSpace = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string';
      return (needsSpace ? ' ' : '') + formatArgument(value, PLAIN);
    })
    .join('');

/** fmt.Sprintln. */
export const formatLine = (values: readonly unknown[]): string =>
  `${values.map(value => formatArgument(value, PLAIN)).join(' ')}\n`;
