import { equalsAny, isAtMost, isLess } from './compare.ts';
import { htmlEscape, jsEscape, queryEscape } from './escape.ts';
import { formatAll, formatLine } from './format-value.ts';
import {
  countProblem,
  parameterAt,
  type TemplateFunction,
  takes,
  takesAny,
  valueProblem,
} from './signature.ts';
import { sprintf } from './sprintf.ts';
import { isTrue, kindOf, lookUp, typeName } from './values.ts';

function indexOf(item: unknown, key: unknown): unknown {
  if (item instanceof Map) {
    if (typeof key !== 'string') throw new Error(`value has type ${typeName(key)}; should be string`);
    return lookUp(item, key);
  }
  if (typeof item === 'string') return BigInt(Buffer.from(item)[position(key, Buffer.byteLength(item) - 1)]!);
  if (Array.isArray(item)) return item[position(key, item.length - 1)];
  throw new Error(`can't index item of type ${typeName(item)}`);
}

function position(key: unknown, most: number): number {
  if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key > BigInt(most)) throw new Error(`index out of range: ${key}`);
  return Number(key);
}

function index(item: unknown, ...keys: unknown[]): unknown {
  if (kindOf(item) === 'none') throw new Error('index of untyped nil');
  return keys.reduce(indexOf, item);
}

function slice(item: unknown, ...bounds: unknown[]): unknown {
  if (typeof item !== 'string' && !Array.isArray(item))
    throw new Error(`can't slice item of type ${typeName(item)}`);
  const list = typeof item === 'string' ? Buffer.from(item) : item;
  if (bounds.length > (typeof item === 'string' ? 2 : 3)) throw new Error('too many slice indexes');
  const [from = 0, to = list.length, most = list.length] = bounds.map(bound => position(bound, list.length));
  if (from > to || to > most)
    throw new Error(`invalid slice index: ${from > to ? from : to} > ${from > to ? to : most}`);
  const part = list.slice(from, to);
  return typeof item === 'string' ? part.toString() : part;
}

function length(value: unknown): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (Array.isArray(value)) return BigInt(value.length);
  if (value instanceof Map) return BigInt(value.size);
  throw new Error(kindOf(value) === 'none' ? 'len of nil pointer' : `len of type ${typeName(value)}`);
}

function call(target: unknown, ...args: unknown[]): unknown {
  if (kindOf(target) === 'none') throw new Error('call of nil');
  if (typeof target !== 'function') throw new Error(`non-function of type ${typeName(target)}`);
  const { signature } = target as TemplateFunction;
  const problem = signature && countProblem('call', signature, args.length);
  const bad = signature && args.map((arg, i) => valueProblem(parameterAt(signature, i), arg)).find(Boolean);
  if (problem ?? bad) throw new Error(problem ?? bad);
  return (target as TemplateFunction)(...args);
}

/** text/template's own functions; `and` and `or` are the executor's, since they stop early. */
export const BUILTINS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['call', takesAny(['any'], call)],
  ['html', takesAny([], (...args) => htmlEscape(formatAll(args)))],
  ['js', takesAny([], (...args) => jsEscape(formatAll(args)))],
  ['urlquery', takesAny([], (...args) => queryEscape(formatAll(args)))],
  ['index', takesAny(['any'], index)],
  ['slice', takesAny(['any'], slice)],
  ['len', takes(['any'], length)],
  ['not', takes(['any'], value => !isTrue(value))],
  ['print', takesAny([], (...args) => formatAll(args))],
  ['printf', takesAny(['string'], (format, ...args) => sprintf(format, args))],
  ['println', takesAny([], (...args) => formatLine(args))],
  ['eq', takesAny(['any'], equalsAny)],
  ['ne', takes(['any', 'any'], (a, b) => !equalsAny(a, b))],
  ['lt', takes(['any', 'any'], isLess)],
  ['le', takes(['any', 'any'], isAtMost)],
  ['gt', takes(['any', 'any'], (a, b) => !isAtMost(a, b))],
  ['ge', takes(['any', 'any'], (a, b) => !isLess(a, b))],
]);

/** Functions that evaluate their arguments one by one. */
export const SHORT_CIRCUIT: ReadonlySet<string> = new Set(['and', 'or']);
