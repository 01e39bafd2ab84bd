import { formatValue, sprintf } from './format.ts';

/** A function that templates call. What it throws fails the template with its message. */
export type TemplateFunction = (...args: unknown[]) => unknown;

/** Go's truth: zero values, nil and empty collections are false, structs are true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value) || Number.isNaN(value);
}

function kindOf(value: unknown): string {
  const type = typeof value;
  return type === 'object' || type === 'function' || type === 'undefined' ? 'other' : type;
}

function comparable(a: unknown, b: unknown): void {
  if (kindOf(a) !== kindOf(b)) throw new Error('incompatible types for comparison');
}

function equal(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  comparable(a, b);
  if (kindOf(a) === 'other') throw new Error('non-comparable type');
  return a === b;
}

function less(a: unknown, b: unknown): boolean {
  comparable(a, b);
  if (kindOf(a) === 'other' || typeof a === 'boolean') throw new Error('invalid type for comparison');
  return (a as string | number) < (b as string | number);
}

function need(args: readonly unknown[], count: number): void {
  if (args.length < count)
    throw new Error(`wrong number of args: want at least ${count}, got ${args.length}`);
}

function index(value: unknown, ...keys: unknown[]): unknown {
  return keys.reduce((current, key) => {
    if (current instanceof Map) return current.get(typeof key === 'bigint' ? Number(key) : key) ?? '';
    if (typeof current !== 'string' && !Array.isArray(current))
      throw new Error("can't index item of this type");
    if (typeof key !== 'bigint') throw new Error('cannot index with a value that is no integer');
    const list = typeof current === 'string' ? Buffer.from(current) : current;
    if (key < 0n || key >= BigInt(list.length)) throw new Error(`index out of range: ${key}`);
    const item: unknown = list[Number(key)];
    return typeof current === 'string' ? BigInt(item as number) : item;
  }, value);
}

function slice(value: unknown, ...bounds: unknown[]): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error("can't slice item of this type");
  const list = typeof value === 'string' ? Buffer.from(value) : value;
  const [from, to] = bounds.map(bound => {
    if (typeof bound !== 'bigint' || bound < 0n || bound > BigInt(list.length))
      throw new Error('index out of range');
    return Number(bound);
  });
  const part = list.slice(from ?? 0, to ?? list.length);
  return typeof value === 'string' ? part.toString() : part;
}

function length(value: unknown): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (Array.isArray(value)) return BigInt(value.length);
  if (value instanceof Map) return BigInt(value.size);
  throw new Error('len of a value that has no length');
}

/** fmt.Sprint: a space between two operands of which neither is a string. */
function print(...args: unknown[]): string {
  return args
    .map((arg, i) => {
      const needsSpace = i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string';
      return (needsSpace ? ' ' : '') + formatValue(arg, true);
    })
    .join('');
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};
const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

const hex = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

export const htmlEscape = (text: string): string => text.replace(/[\0"'&<>]/g, unit => HTML[unit]!);
const jsEscape = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  text.replace(/[\\'"<>&=\x00-\x1f]/g, unit => JS[unit] ?? hex(unit));

/** Go's url.QueryEscape. */
export const queryEscape = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, unit => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const joined = (args: readonly unknown[]) =>
  typeof args[0] === 'string' && args.length === 1 ? args[0] : print(...args);

/** text/template's own functions; `and` and `or` are the executor's, since they stop early. */
export const BUILTINS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  [
    'call',
    (target, ...args) => {
      if (typeof target !== 'function') throw new Error('non-function of call');
      return (target as TemplateFunction)(...args);
    },
  ],
  ['html', (...args) => htmlEscape(joined(args))],
  ['js', (...args) => jsEscape(joined(args))],
  ['urlquery', (...args) => queryEscape(joined(args))],
  ['index', index],
  ['slice', slice],
  ['len', length],
  ['not', value => !isTrue(value)],
  ['print', print],
  ['printf', (format, ...args) => sprintf(String(format), args)],
  ['println', (...args) => `${args.map(arg => formatValue(arg, true)).join(' ')}\n`],
  [
    'eq',
    (first, ...others) => {
      need(others, 1);
      return others.some(other => equal(first, other));
    },
  ],
  ['ne', (a, b) => !equal(a, b)],
  ['lt', less],
  ['le', (a, b) => less(a, b) || equal(a, b)],
  ['gt', (a, b) => !less(a, b) && !equal(a, b) && !Number.isNaN(a) && !Number.isNaN(b)],
  ['ge', (a, b) => !less(a, b) && !Number.isNaN(a) && !Number.isNaN(b)],
]);

/** Functions that evaluate their arguments one by one. */
export const SHORT_CIRCUIT: ReadonlySet<string> = new Set(['and', 'or']);
