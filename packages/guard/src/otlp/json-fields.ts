import { messageOf, UserError } from '../core/index.ts';
import { malformed } from './limits.ts';

/** A JSON object as it was parsed. Only names that OTLP defines are ever read from it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value that is not what it should be; places are put before it on the way out. */
class BadField extends Error {
  path = '';
}

const bad = (message: string): BadField => new BadField(message);

/** Runs a reader and, when it fails, says where. */
function within<T>(place: string | number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadField) {
      const rest = error.path === '' || error.path.startsWith('[') ? error.path : `.${error.path}`;
      error.path = (typeof place === 'number' ? `[${place}]` : place) + rest;
    }
    throw error;
  }
}

/** Turns what a reader throws into the room's own error. */
export function refusingBadFields<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof BadField) throw malformed(`${error.path || 'request'}: ${error.message}`);
    throw malformed(messageOf(error));
  }
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'an array' : `a ${typeof value}`);

export function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(`must be an object, is ${value === null ? 'null' : kindOf(value)}`);
  return value as JsonObject;
}

/** Absent and null are the same in protobuf's JSON. */
const isUnset = (value: unknown): value is null | undefined => value === undefined || value === null;

/** Reads a field that has a default. */
function optional<T>(object: JsonObject, name: string, fallback: T, read: (value: unknown) => T): T {
  const value = object[name];
  return isUnset(value) ? fallback : within(name, () => read(value));
}

function asString(value: unknown): string {
  if (typeof value !== 'string') throw bad(`must be a string, is ${kindOf(value)}`);
  return value;
}

function asBigint(value: unknown, least: bigint, most: bigint): bigint {
  const integer =
    typeof value === 'number' && Number.isInteger(value)
      ? BigInt(value)
      : typeof value === 'string' && /^-?\d{1,20}$/.test(value)
        ? BigInt(value)
        : undefined;
  if (integer === undefined || integer < least || integer > most)
    throw bad(`must be an integer from ${least} to ${most}, is ${JSON.stringify(value)?.slice(0, 40)}`);
  return integer;
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

export const stringField = (object: JsonObject, name: string): string => optional(object, name, '', asString);
export const uint64Field = (object: JsonObject, name: string): bigint =>
  optional(object, name, 0n, value => scalars.uint(value));
export const uint32Field = (object: JsonObject, name: string): number =>
  optional(object, name, 0, value => Number(asBigint(value, 0n, 0xffff_ffffn)));

export const int32Field = (object: JsonObject, name: string): number =>
  optional(object, name, 0, value => Number(asBigint(value, -(2n ** 31n), 2n ** 31n - 1n)));
export const boolField = (object: JsonObject, name: string): boolean =>
  optional(object, name, false, value => scalars.bool(value));
export const doubleField = (object: JsonObject, name: string): number =>
  optional(object, name, 0, value => scalars.double(value));
/** Undefined where it is not set. */
export const optionalDoubleField = (object: JsonObject, name: string): number | undefined =>
  optional<number | undefined>(object, name, undefined, value => scalars.double(value));

/** An id: hexadecimal digits of either case, or nothing. */
export function idField(object: JsonObject, name: string, digits: number): string {
  return optional(object, name, '', value => {
    const id = asString(value);
    if (id === '') return id;
    if (id.length !== digits || !/^[\da-f]*$/i.test(id))
      throw bad(`must be ${digits} hexadecimal digits, is ${JSON.stringify(id.slice(0, 40))}`);
    return id.toLowerCase();
  });
}

export function objectField<T>(
  object: JsonObject,
  name: string,
  fallback: T,
  read: (object: JsonObject) => T,
): T {
  return optional(object, name, fallback, value => read(asObject(value)));
}

export const listField = <T>(object: JsonObject, name: string, read: (item: JsonObject) => T): T[] =>
  scalarListField(object, name, item => read(asObject(item)));

/** A list of anything but objects. */
export function scalarListField<T>(object: JsonObject, name: string, read: (item: unknown) => T): T[] {
  return optional<T[]>(object, name, [], value => {
    if (!Array.isArray(value)) throw bad(`must be an array, is ${kindOf(value)}`);
    return value.map((item, index) => within(index, () => read(item)));
  });
}

/** Readers of the scalar kinds of values. */
export const scalars = {
  string: asString,
  bool(value: unknown): boolean {
    if (typeof value !== 'boolean') throw bad(`must be true or false, is ${kindOf(value)}`);
    return value;
  },
  int: (value: unknown): bigint => asBigint(value, -MAX_INT64 - 1n, MAX_INT64),
  uint: (value: unknown): bigint => asBigint(value, 0n, MAX_UINT64),
  double(value: unknown): number {
    if (typeof value === 'number') return value;
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) throw bad(`must be a number, is ${JSON.stringify(value)?.slice(0, 40)}`);
    return number;
  },
  bytes(value: unknown): Uint8Array {
    const text = asString(value);
    if (!/^[\w+/-]*={0,2}$/.test(text)) throw bad('must be base64');
    return Uint8Array.from(Buffer.from(text, 'base64'));
  },
} as const;

/** Reads the one field of a value that is set, under its name. */
export const readAs = within;
export { isUnset };
