import type { Kind } from './values.ts';
import { kindOf, typeName, typeOf } from './values.ts';

/**
 * The type of a parameter: of a kind, `any`, or with Go's name. Types with a name take nil where `isNillable` says so.
 */
export type Parameter =
  | 'any'
  | (Kind & ('string' | 'int' | 'float' | 'bool'))
  | {
      readonly name: string;
      readonly isNillable: boolean;
      /** Other types whose values Go assigns to it. */
      readonly accepts?: readonly string[];
    };

/** What a function takes, the last of which may come any number of times. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly rest?: Parameter;
}

/**
 * A function or method that templates call. What it throws fails the template with its message. Without a signature
 * it takes whatever it is given.
 */
export interface TemplateFunction {
  // biome-ignore lint/suspicious/noExplicitAny: the signature says what comes
  (...args: any[]): unknown;
  readonly signature?: Signature;
}

/** A function of fixed parameters. */
export const takes = (
  parameters: readonly Parameter[],
  // biome-ignore lint/suspicious/noExplicitAny: the parameters say what comes
  call: (...args: any[]) => unknown,
): TemplateFunction => Object.assign(call, { signature: { parameters } });

/** A function whose last parameter may come any number of times, none included. */
export const takesAny = (
  parameters: readonly Parameter[],
  // biome-ignore lint/suspicious/noExplicitAny: the parameters say what comes
  call: (...args: any[]) => unknown,
  rest: Parameter = 'any',
): TemplateFunction => Object.assign(call, { signature: { parameters, rest } });

/** Why so many arguments will not do; undefined when they will. */
export function countProblem(
  name: string,
  { parameters, rest }: Signature,
  count: number,
): string | undefined {
  const want = parameters.length;
  if (rest !== undefined && count < want)
    return `wrong number of args for ${name}: want at least ${want} got ${count}`;
  if (rest === undefined && count !== want)
    return `wrong number of args for ${name}: want ${want} got ${count}`;
  return undefined;
}

/** The type of the parameter at `index`. */
export const parameterAt = ({ parameters, rest }: Signature, index: number): Parameter =>
  parameters[index] ?? rest ?? 'any';

export const parameterName = (parameter: Parameter): string => {
  if (typeof parameter === 'object') return parameter.name;
  return parameter === 'any' ? 'interface {}' : parameter === 'float' ? 'float64' : parameter;
};

/** Why a value cannot be given for a parameter; undefined when it can. */
export function valueProblem(parameter: Parameter, value: unknown): string | undefined {
  if (parameter === 'any') return undefined;
  const kind = kindOf(value);
  if (typeof parameter === 'object') {
    if (kind === 'none' && parameter.isNillable) return undefined;
    const type = typeOf(value);
    const given = type && (parameter.name.startsWith('*') && type.isPointer ? `*${type.name}` : type.name);
    if (given === parameter.name || (given && parameter.accepts?.includes(given))) return undefined;
  } else if (kind === parameter) return undefined;
  const expected = parameterName(parameter);
  return kind === 'none'
    ? `invalid value; expected ${expected}`
    : `wrong type for value; expected ${expected}; got ${typeName(value)}`;
}
