import { compareStrings } from '../core/index.ts';
import { type Kind, kindOf, typeName, typeOf } from './values.ts';

const BASIC: ReadonlySet<Kind> = new Set(['string', 'float', 'int', 'bool']);

/** Whether the first equals one of the others (text/template/funcs.go `eq`). */
export function equalsAny(first: unknown, ...others: unknown[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some(other => equals(first, other));
}

function equals(a: unknown, b: unknown): boolean {
  const kinds = [kindOf(a), kindOf(b)] as const;
  if (kinds.includes('none')) return kinds[0] === kinds[1];
  const basics = kinds.map(kind => (BASIC.has(kind) ? kind : 'other'));
  if (basics[0] !== basics[1])
    throw new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  if (basics[0] === 'other' && kinds[0] !== kinds[1])
    throw new Error(`non-comparable types: ${typeName(a)}, ${typeName(b)}`);
  if (!isComparable(b)) throw new Error(`non-comparable type: ${typeName(b)}`);
  return a === b;
}

/** Maps and slices are not, nor structs that hold one; pointers are. */
function isComparable(value: unknown): boolean {
  const kind = kindOf(value);
  if (kind === 'map' || kind === 'slice') return false;
  return (
    kind !== 'struct' || typeOf(value) !== undefined || Object.values(value as object).every(isComparable)
  );
}

export function isLess(a: unknown, b: unknown): boolean {
  const [x, y] = [kindOf(a), kindOf(b)];
  if (!BASIC.has(x) || !BASIC.has(y)) throw new Error('invalid type for comparison');
  if (x !== y) throw new Error(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  if (x === 'bool') throw new Error('invalid type for comparison');
  if (typeof a === 'string') return compareStrings(a, b as string) < 0;
  return (a as number) < (b as number);
}

export const isAtMost = (a: unknown, b: unknown): boolean => isLess(a, b) || equalsAny(a, b);
