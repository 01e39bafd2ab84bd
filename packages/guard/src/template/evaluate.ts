import { unreachable } from '../core/index.ts';
import type { Command, Operand, Pipeline } from './ast.ts';
import { BUILTINS, SHORT_CIRCUIT } from './builtins.ts';
import { type Frame, failAt, guarded } from './execution.ts';
import {
  countProblem,
  type Parameter,
  parameterAt,
  parameterName,
  type TemplateFunction,
  valueProblem,
} from './signature.ts';
import { isTrue, lookUp, typeName } from './values.ts';

/** Nothing comes through a pipe; undefined may. */
const NOTHING: unique symbol = Symbol('nothing');
type Piped = unknown | typeof NOTHING;

/** The value of the last command; variables of a range are set by its iterations. */
export function evaluatePipeline(pipeline: Pipeline, dot: unknown, frame: Frame): unknown {
  let value: Piped = NOTHING;
  for (const command of pipeline.commands) value = runCommand(command, dot, frame, value);
  for (const name of pipeline.variables) setVariable(frame, pipeline.at, name, value, pipeline.declares);
  return value;
}

export function setVariable(frame: Frame, at: number, name: string, value: unknown, declares: boolean): void {
  if (declares) {
    frame.variables.push({ name, value });
    return;
  }
  const existing = frame.variables.findLast(variable => variable.name === name);
  if (!existing) failAt(frame, at, `undefined variable: ${name}`);
  existing.value = value;
}

function runCommand({ operands }: Command, dot: unknown, frame: Frame, piped: Piped): unknown {
  const [first, ...rest] = operands;
  if (first.kind === 'function') return callFunction(first, rest, dot, frame, piped);
  if (first.kind === 'nil') return failAt(frame, first.at, 'nil is not a command');
  const isCalled = rest.length > 0 || piped !== NOTHING;
  if (
    first.kind === 'field' ||
    first.kind === 'chain' ||
    (first.kind === 'variable' && first.path.length > 0)
  ) {
    const { holder, name } = holderOf(first, dot, frame);
    return callMember(holder, name, first, { rest, piped, isCalled }, dot, frame);
  }
  if (isCalled) failAt(frame, first.at, "can't give arguments to a value that is no function");
  return resolve(first, dot, frame);
}

/** An operand's own value; a function or method without arguments is called. */
function resolve(operand: Operand, dot: unknown, frame: Frame): unknown {
  switch (operand.kind) {
    case 'dot':
      return dot;
    case 'nil':
      return null;
    case 'text':
    case 'bool':
      return operand.value;
    case 'number':
      return constantOf(operand, frame);
    case 'variable':
      if (operand.path.length === 0) return variableOf(operand.name, operand.at, frame);
      break;
    case 'function':
      return callFunction(operand, [], dot, frame, NOTHING);
    case 'pipeline':
      return evaluatePipeline(operand.pipeline, dot, frame);
    case 'field':
    case 'chain':
      break;
    default:
      return unreachable(operand);
  }
  const { holder, name } = holderOf(operand, dot, frame);
  return callMember(holder, name, operand, { rest: [], piped: NOTHING, isCalled: false }, dot, frame);
}

function variableOf(name: string, at: number, frame: Frame): unknown {
  const found = frame.variables.findLast(variable => variable.name === name);
  return found ? found.value : failAt(frame, at, `undefined variable: ${name}`);
}

type Path = Operand & { kind: 'field' | 'variable' | 'chain' };

/** What has the last field of a path, and the field's name. */
function holderOf(operand: Path, dot: unknown, frame: Frame): { holder: unknown; name: string } {
  const start =
    operand.kind === 'field'
      ? dot
      : operand.kind === 'variable'
        ? variableOf(operand.name, operand.at, frame)
        : resolve(operand.operand, dot, frame);
  const names = operand.path.slice(0, -1);
  const none = { rest: [], piped: NOTHING, isCalled: false };
  const holder = names.reduce((value, name) => callMember(value, name, operand, none, dot, frame), start);
  return { holder, name: operand.path.at(-1)! };
}

interface Given {
  readonly rest: readonly Operand[];
  readonly piped: Piped;
  readonly isCalled: boolean;
}

/** A method's result, a field, or what a map holds (exec.go `evalField`). */
function callMember(
  holder: unknown,
  name: string,
  operand: Operand,
  given: Given,
  dot: unknown,
  frame: Frame,
): unknown {
  if (holder === undefined) return undefined;
  if (holder === null) return failAt(frame, operand.at, `nil pointer evaluating interface {}.${name}`);
  const isObject = typeof holder === 'object' && !Array.isArray(holder);
  // Slices have methods, but no fields.
  const member =
    typeof holder === 'object' && Object.hasOwn(holder, name)
      ? (holder as Record<string, unknown>)[name]
      : undefined;
  if (typeof member === 'function') return call(member as TemplateFunction, name, operand, given, dot, frame);
  const isMap = holder instanceof Map;
  if (!isMap && !(isObject && Object.hasOwn(holder, name)))
    return failAt(frame, operand.at, `can't evaluate field ${name} in type ${typeName(holder)}`);
  if (given.isCalled) failAt(frame, operand.at, `${name} is not a method but has arguments`);
  return isMap ? lookUp(holder, name) : member;
}

function callFunction(
  operand: Operand & { kind: 'function' },
  rest: readonly Operand[],
  dot: unknown,
  frame: Frame,
  piped: Piped,
): unknown {
  frame.execution.step();
  const given = { rest, piped, isCalled: true };
  if (SHORT_CIRCUIT.has(operand.name)) return decide(operand, given, dot, frame);
  const called = frame.execution.functions.get(operand.name) ?? BUILTINS.get(operand.name)!;
  return call(called, operand.name, operand, given, dot, frame);
}

/** `and` and `or`: up to the first argument that decides. */
function decide(
  { name, at }: Operand & { kind: 'function' },
  { rest, piped }: Given,
  dot: unknown,
  frame: Frame,
): unknown {
  if (rest.length === 0 && piped === NOTHING)
    failAt(frame, at, `wrong number of args for ${name}: want at least 1 got 0`);
  let value: unknown;
  for (const operand of rest) {
    value = argumentOf(operand, 'any', dot, frame);
    if (isTrue(value) === (name === 'or')) return value;
  }
  return piped === NOTHING ? value : piped;
}

function call(
  called: TemplateFunction,
  name: string,
  operand: Operand,
  { rest, piped }: Given,
  dot: unknown,
  frame: Frame,
): unknown {
  const { signature } = called;
  const count = rest.length + (piped === NOTHING ? 0 : 1);
  const problem = signature && countProblem(name, signature, count);
  if (problem) failAt(frame, operand.at, problem);
  const parameter = (i: number) => (signature ? parameterAt(signature, i) : 'any');
  const args = rest.map((each, i) => argumentOf(each, parameter(i), dot, frame));
  if (piped !== NOTHING) args.push(checkGiven(piped, parameter(rest.length), operand.at, frame));
  return guarded(frame, operand, name, () => called(...args));
}

/** A number where no type is asked for: how it is written decides. */
function constantOf({ number, at }: Operand & { kind: 'number' }, frame: Frame): number | bigint {
  if (number.isFloat) return number.float;
  return number.integer ?? failAt(frame, at, `${number.text} overflows int`);
}

/**
 * The value of an argument for a parameter (exec.go `evalArg`): literals take the parameter's type, all else must have
 * it.
 */
function argumentOf(operand: Operand, parameter: Parameter, dot: unknown, frame: Frame): unknown {
  const { at } = operand;
  const refuse = (shown: string): never =>
    failAt(frame, at, `expected ${parameterName(parameter)}; found ${shown}`);
  switch (operand.kind) {
    case 'nil':
      if (parameter === 'any' || (typeof parameter === 'object' && parameter.isNillable)) return null;
      return failAt(frame, at, `cannot assign nil to ${parameterName(parameter)}`);
    case 'text':
      return parameter === 'any' || parameter === 'string'
        ? operand.value
        : refuse(JSON.stringify(operand.value));
    case 'bool':
      return parameter === 'any' || parameter === 'bool' ? operand.value : refuse(String(operand.value));
    case 'number':
      if (parameter === 'any') return constantOf(operand, frame);
      if (parameter === 'int') return operand.number.integer ?? refuse(operand.number.text);
      return parameter === 'float' ? operand.number.float : refuse(operand.number.text);
    default:
      return checkGiven(resolve(operand, dot, frame), parameter, at, frame);
  }
}

/** A value that is there already. */
function checkGiven(value: unknown, parameter: Parameter, at: number, frame: Frame): unknown {
  const problem = valueProblem(parameter, value);
  return problem ? failAt(frame, at, problem) : value;
}
