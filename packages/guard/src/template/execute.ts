import { messageOf, UserError, unreachable } from '../core/index.ts';
import type { Branch, Command, Operand, Pipeline, TemplateNode } from './ast.ts';
import { BUILTINS, isTrue, SHORT_CIRCUIT, type TemplateFunction } from './builtins.ts';
import { formatValue, sortedEntries } from './format.ts';
import { templateError } from './lex.ts';
import type { ParsedTemplate } from './parse.ts';

/** Bounds of one execution. */
export interface TemplateLimits {
  /** Nodes and function calls. */
  readonly steps: number;
  /** Of the output, in UTF-16 units. */
  readonly outputLength: number;
  /** Templates that call templates. */
  readonly depth: number;
}

export const DEFAULT_LIMITS: TemplateLimits = { steps: 100_000, outputLength: 1_048_576, depth: 100 };

export interface ExecuteOptions {
  readonly data: unknown;
  /** With their `$`. */
  readonly variables: ReadonlyMap<string, unknown>;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly limits: TemplateLimits;
}

/** Variables by name, innermost last. */
type Scope = { name: string; value: unknown }[];
type Flow = 'next' | 'break' | 'continue';

/** Runs a template. @throws UserError `bad-template` at the place of the mistake, `template-limit` */
export function executeTemplate(template: ParsedTemplate, options: ExecuteOptions): string {
  const { limits } = options;
  let output = '';
  let steps = 0;
  let depth = 0;
  run(
    template,
    options.data,
    [...options.variables].map(([name, value]) => ({ name, value })),
  );
  return output;

  function limit(name: keyof TemplateLimits): never {
    throw new UserError('template-limit', `the template exceeds the limit of ${limits[name]} for ${name}`);
  }

  function step(): void {
    if (++steps > limits.steps) limit('steps');
  }

  function write(text: string): void {
    output += text;
    if (output.length > limits.outputLength) limit('outputLength');
  }

  function run(called: ParsedTemplate, data: unknown, variables: Scope): void {
    if (++depth > limits.depth) limit('depth');
    walk(called.body, data, [{ name: '$', value: data }, ...variables], called);
    depth--;
  }

  function walk(nodes: readonly TemplateNode[], dot: unknown, scope: Scope, within: ParsedTemplate): Flow {
    for (const node of nodes) {
      step();
      const flow = visit(node, dot, scope, within);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  function visit(node: TemplateNode, dot: unknown, scope: Scope, within: ParsedTemplate): Flow {
    switch (node.kind) {
      case 'text':
        write(node.text);
        return 'next';
      case 'action': {
        const value = evaluate(node.pipeline, dot, scope, within);
        if (node.pipeline.variables.length === 0) write(formatValue(value));
        return 'next';
      }
      case 'if':
      case 'with':
      case 'range':
        return branch(node, dot, scope, within);
      case 'template': {
        const called = within.defined.get(node.name);
        if (!called)
          throw templateError(within.text, node.at, `template ${JSON.stringify(node.name)} not defined`);
        run(called, node.pipeline && evaluate(node.pipeline, dot, scope, within), []);
        return 'next';
      }
      case 'break':
      case 'continue':
        return node.kind;
      default:
        return unreachable(node);
    }
  }

  function branch(node: Branch, dot: unknown, scope: Scope, within: ParsedTemplate): Flow {
    const inner = [...scope];
    const value = evaluate(node.pipeline, dot, inner, within, node.kind !== 'range');
    if (node.kind === 'range') return range(node, value, dot, inner, within);
    if (!isTrue(value)) return walk(node.otherwise, dot, [...inner], within);
    return walk(node.body, node.kind === 'with' ? value : dot, inner, within);
  }

  function range(node: Branch, value: unknown, dot: unknown, scope: Scope, within: ParsedTemplate): Flow {
    let isEmpty = true;
    for (const [key, item] of itemsOf(value, node, within)) {
      isEmpty = false;
      step();
      const inner = [...scope];
      const names = node.pipeline.variables;
      const values = names.length === 2 ? [key, item] : [item];
      for (const [i, name] of names.entries()) set(inner, name, values[i], node.pipeline.declares);
      if (walk(node.body, item, inner, within) === 'break') break;
    }
    return isEmpty ? walk(node.otherwise, dot, [...scope], within) : 'next';
  }

  function* itemsOf(value: unknown, node: Branch, within: ParsedTemplate): Iterable<[unknown, unknown]> {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) yield [BigInt(i), item];
    else if (value instanceof Map) yield* sortedEntries(value);
    else if (typeof value === 'bigint') for (let i = 0n; i < value; i++) yield [i, i];
    else if (value !== null && value !== undefined) {
      throw templateError(
        within.text,
        operandOf(node.pipeline).at,
        `range can't iterate over ${formatValue(value)}`,
      );
    }
  }

  function evaluate(
    pipeline: Pipeline,
    dot: unknown,
    scope: Scope,
    within: ParsedTemplate,
    assigns = true,
  ): unknown {
    let value: unknown;
    for (const [i, command] of pipeline.commands.entries()) {
      value = runCommand(command, dot, scope, within, i === 0 ? [] : [value]);
    }
    // A range assigns its variables itself, an element at a time.
    if (assigns) for (const name of pipeline.variables) set(scope, name, value, pipeline.declares);
    return value;
  }

  function set(scope: Scope, name: string, value: unknown, declares: boolean): void {
    const existing = declares ? undefined : scope.findLast(variable => variable.name === name);
    if (existing) existing.value = value;
    else scope.push({ name, value });
  }

  function runCommand(
    command: Command,
    dot: unknown,
    scope: Scope,
    within: ParsedTemplate,
    piped: readonly unknown[],
  ): unknown {
    const [first, ...rest] = command.operands;
    if (first.kind === 'function') return callFunction(first, rest, dot, scope, within, piped);
    const args = () => [...rest.map(operand => argument(operand, dot, scope, within)), ...piped];
    const value = resolve(first, dot, scope, within);
    if (typeof value === 'function')
      return guarded(first, within, () => (value as TemplateFunction)(...args()));
    if (rest.length > 0 || piped.length > 0) {
      throw templateError(within.text, first.at, "can't give arguments to a value that is no function");
    }
    return value;
  }

  function callFunction(
    operand: Operand & { kind: 'function' },
    rest: readonly Operand[],
    dot: unknown,
    scope: Scope,
    within: ParsedTemplate,
    piped: readonly unknown[],
  ): unknown {
    step();
    if (SHORT_CIRCUIT.has(operand.name)) {
      const wanted = operand.name === 'or';
      let value: unknown;
      for (const arg of rest) {
        value = argument(arg, dot, scope, within);
        if (isTrue(value) === wanted) return value;
      }
      return piped.length > 0 ? piped[0] : value;
    }
    const called = options.functions.get(operand.name) ?? BUILTINS.get(operand.name)!;
    const args = [...rest.map(arg => argument(arg, dot, scope, within)), ...piped];
    return guarded(operand, within, () => called(...args), operand.name);
  }

  function guarded(operand: Operand, within: ParsedTemplate, call: () => unknown, name = 'method'): unknown {
    try {
      return call();
    } catch (error) {
      if (error instanceof UserError && error.code === 'template-limit') throw error;
      throw templateError(within.text, operand.at, `error calling ${name}: ${messageOf(error)}`);
    }
  }

  /** As `resolve`; a method stands for its result. */
  function argument(operand: Operand, dot: unknown, scope: Scope, within: ParsedTemplate): unknown {
    const value = resolve(operand, dot, scope, within);
    return typeof value === 'function' ? guarded(operand, within, () => value()) : value;
  }

  function resolve(operand: Operand, dot: unknown, scope: Scope, within: ParsedTemplate): unknown {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'field':
        return fieldOf(dot, operand.path, operand, within);
      case 'variable':
        return fieldOf(
          scope.findLast(({ name }) => name === operand.name)?.value,
          operand.path,
          operand,
          within,
        );
      case 'function':
        return callFunction(operand, [], dot, scope, within, []);
      case 'pipeline':
        return fieldOf(evaluate(operand.pipeline, dot, scope, within), operand.path, operand, within);
      default:
        return unreachable(operand);
    }
  }

  function fieldOf(
    value: unknown,
    path: readonly string[],
    operand: Operand,
    within: ParsedTemplate,
  ): unknown {
    return path.reduce((current, name, i) => {
      const found = member(current, name, operand, within);
      const isLast = i === path.length - 1;
      return typeof found === 'function' && !isLast ? guarded(operand, within, () => found()) : found;
    }, value);
  }

  function member(value: unknown, name: string, operand: Operand, within: ParsedTemplate): unknown {
    // Labels and annotations: what is missing is empty, as with missingkey=zero.
    if (value instanceof Map) return value.has(name) ? value.get(name) : '';
    const isStruct = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isStruct && Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
    throw templateError(
      within.text,
      operand.at,
      `can't evaluate field ${name} in ${value === null || value === undefined ? 'nil' : typeof value}`,
    );
  }
}

const operandOf = (pipeline: Pipeline): Operand => pipeline.commands[0]!.operands[0];
