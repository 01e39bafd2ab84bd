import { WireType } from '@bufbuild/protobuf/wire';
import { takeItem } from './limits.ts';
import {
  type AnyValue,
  type Attribute,
  EMPTY_RESOURCE,
  EMPTY_SCOPE,
  type Resource,
  type Scope,
} from './model.ts';
import {
  type Draft,
  type Fields,
  type Input,
  nested,
  put,
  type ReadField,
  readMessage,
  text,
  uint32,
} from './protobuf-reader.ts';

const { Varint, Bit64, LengthDelimited } = WireType;

const ARRAY: Fields<AnyValue[]> = {
  1: [
    LengthDelimited,
    (input, values) => {
      takeItem(input.budget);
      values.push(readValue(input));
    },
  ],
};
const MAP: Fields<Attribute[]> = {
  1: [
    LengthDelimited,
    (input, attributes) => {
      attributes.push(readAttribute(input));
    },
  ],
};

type ValueHolder = { value: AnyValue };
const VALUE: Fields<ValueHolder> = {
  1: [
    LengthDelimited,
    ({ reader }, to) => {
      to.value = { type: 'string', value: reader.string() };
    },
  ],
  2: [
    Varint,
    ({ reader }, to) => {
      to.value = { type: 'bool', value: reader.bool() };
    },
  ],
  3: [
    Varint,
    ({ reader }, to) => {
      to.value = { type: 'int', value: BigInt(reader.int64()) };
    },
  ],
  4: [
    Bit64,
    ({ reader }, to) => {
      to.value = { type: 'double', value: reader.double() };
    },
  ],
  5: [
    LengthDelimited,
    (input, to) => {
      to.value = { type: 'array', value: nested(input, ARRAY) };
    },
  ],
  6: [
    LengthDelimited,
    (input, to) => {
      to.value = { type: 'map', value: nested(input, MAP) };
    },
  ],
  // Copied: a slice would keep the whole request alive.
  7: [
    LengthDelimited,
    ({ reader }, to) => {
      to.value = { type: 'bytes', value: Uint8Array.from(reader.bytes()) };
    },
  ],
};
const EMPTY_VALUE: AnyValue = { type: 'empty' };

const readValue = (input: Input): AnyValue => readMessage(input, VALUE, { value: EMPTY_VALUE }).value;

const ATTRIBUTE: Fields<Draft<Attribute>> = {
  1: [LengthDelimited, put('key', text)],
  2: [
    LengthDelimited,
    (input, to) => {
      to.value = readValue(input);
    },
  ],
};

export function readAttribute(input: Input): Attribute {
  takeItem(input.budget);
  return readMessage(input, ATTRIBUTE, { key: '', value: EMPTY_VALUE });
}

export const pushAttribute: ReadField<{ attributes: Attribute[] }> = (input, to) => {
  to.attributes.push(readAttribute(input));
};
export const readDropped = put<{ droppedAttributesCount: number }, 'droppedAttributesCount'>(
  'droppedAttributesCount',
  uint32,
);

const RESOURCE: Fields<Draft<Resource>> = {
  1: [LengthDelimited, pushAttribute],
  2: [Varint, readDropped],
};
const SCOPE: Fields<Draft<Scope>> = {
  1: [LengthDelimited, put('name', text)],
  2: [LengthDelimited, put('version', text)],
  3: [LengthDelimited, pushAttribute],
  4: [Varint, readDropped],
};

/** The field `resource` of what a resource sent. */
export const readResource = (input: Input): Resource =>
  readMessage<Draft<Resource>>(input, RESOURCE, { ...EMPTY_RESOURCE, attributes: [] });

/** The field `scope` of what a scope sent. */
export const readScope = (input: Input): Scope =>
  readMessage<Draft<Scope>>(input, SCOPE, { ...EMPTY_SCOPE, attributes: [] });
