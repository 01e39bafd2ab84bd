/**
 * What templates work with, in Go's terms: `string`, `number` (float64), `bigint` (int), `boolean`, Map (a map),
 * arrays (slices), plain objects (structs, whose functions are methods), null (a nil of some type) and undefined (no
 * value at all).
 */
export type Kind = 'none' | 'string' | 'float' | 'int' | 'bool' | 'map' | 'slice' | 'struct' | 'function';

/** Go's name of an object's type, and whether the value is a pointer to one. */
export interface GoType {
  readonly name: string;
  readonly isPointer?: boolean;
}

/** Where an object, array or Map carries its type; without it a Map is a `map[string]string`. */
export const GO_TYPE: unique symbol = Symbol('GoType');

/** A value that prints itself, as Go types with a String method do. */
export interface GoStringer {
  goString(): string;
}

/** What a missing key of this map stands for: '' among texts, and nothing among values of any type. */
export const ANY_MAP: GoType = { name: 'map[string]interface {}' };

export function withType<T extends object>(value: T, type: GoType): T {
  return Object.assign(value, { [GO_TYPE]: type });
}

export const isStringer = (value: unknown): value is GoStringer =>
  typeof value === 'object' && value !== null && 'goString' in value;

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'function':
      return 'function';
    default:
      if (value === null || value === undefined) return 'none';
      if (Array.isArray(value)) return 'slice';
      return value instanceof Map ? 'map' : 'struct';
  }
}

const BASIC_NAMES: Readonly<Record<Kind, string>> = {
  none: '<nil>',
  string: 'string',
  float: 'float64',
  int: 'int',
  bool: 'bool',
  map: 'map[string]string',
  slice: '[]interface {}',
  struct: 'struct {}',
  function: 'func()',
};

export const typeOf = (value: unknown): GoType | undefined =>
  typeof value === 'object' && value !== null ? (value as { [GO_TYPE]?: GoType })[GO_TYPE] : undefined;

/** As `%T` prints it. */
export function typeName(value: unknown): string {
  const type = typeOf(value);
  if (type) return (type.isPointer ? '*' : '') + type.name;
  return BASIC_NAMES[kindOf(value)];
}

/** What the map holds at the key, or its zero value. */
export function lookUp(map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  if (map.has(key)) return map.get(key);
  return typeOf(map)?.name === ANY_MAP.name ? null : '';
}

/** Go's truth: zero values, nil and empty collections are false, structs are true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value) || Number.isNaN(value);
}
