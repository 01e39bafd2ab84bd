import { unreachable } from '../core/index.ts';
import type { Branch, ParsedTemplate, Pipeline, TemplateNode } from './ast.ts';
import { evaluatePipeline, setVariable } from './evaluate.ts';
import {
  createExecution,
  type Frame,
  failAt,
  limitError,
  type TemplateLimits,
  type TemplateWriter,
} from './execution.ts';
import { showValue, sortedEntries } from './format-value.ts';
import type { TemplateFunction } from './signature.ts';
import { isTrue, typeName } from './values.ts';

export interface ExecuteOptions {
  readonly data: unknown;
  /** With their `$`. */
  readonly variables: ReadonlyMap<string, unknown>;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly limits: TemplateLimits;
  readonly writer: TemplateWriter;
}

/** What came out, up to the failure where there is one. */
export interface Executed {
  readonly text: string;
  readonly failure?: unknown;
}

type Flow = 'next' | 'break' | 'continue';

/**
 * Runs a template as text/template/exec.go does, a missing key of a map being its zero value. Fails with UserError
 * `bad-template` at the place of the mistake, or `template-limit`.
 */
export function executeTemplate(template: ParsedTemplate, options: ExecuteOptions): Executed {
  const { data, variables, functions, limits, writer } = options;
  const execution = createExecution(functions, limits, writer);
  const given = [...variables].map(([name, value]) => ({ name, value }));
  const frame: Frame = { execution, template, depth: 1, variables: [{ name: '$', value: data }, ...given] };
  try {
    walk(template.body, data, frame);
  } catch (failure) {
    return { text: execution.output.text, failure };
  }
  return { text: execution.output.text };
}

function walk(nodes: readonly TemplateNode[], dot: unknown, frame: Frame): Flow {
  for (const node of nodes) {
    frame.execution.step();
    const flow = visit(node, dot, frame);
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function visit(node: TemplateNode, dot: unknown, frame: Frame): Flow {
  switch (node.kind) {
    case 'text':
      frame.execution.write(frame.execution.writer.text(node.text));
      return 'next';
    case 'action': {
      const value = evaluatePipeline(node.pipeline, dot, frame);
      if (node.pipeline.variables.length === 0) show(value, node.pipeline, frame);
      return 'next';
    }
    case 'if':
    case 'with':
      return branch(node, dot, frame);
    case 'range':
      return range(node, dot, frame);
    case 'template':
      callTemplate(node, dot, frame);
      return 'next';
    case 'break':
    case 'continue':
      return node.kind;
    default:
      return unreachable(node);
  }
}

function show(value: unknown, pipeline: Pipeline, frame: Frame): void {
  const fail = (message: string) => failAt(frame, pipeline.at, message);
  if (typeof value === 'function') fail("can't print a function");
  frame.execution.write(frame.execution.writer.value(value, pipeline, fail));
}

/** What is declared within an action is gone behind its end. */
function scoped<T>({ variables }: Frame, run: () => T): T {
  const mark = variables.length;
  const result = run();
  variables.length = mark;
  return result;
}

function branch(node: Branch, dot: unknown, frame: Frame): Flow {
  return scoped(frame, () => {
    const value = evaluatePipeline(node.pipeline, dot, frame);
    if (!isTrue(value)) return walk(node.otherwise, dot, frame);
    return walk(node.body, node.kind === 'with' ? value : dot, frame);
  });
}

function range(node: Branch, dot: unknown, frame: Frame): Flow {
  return scoped(frame, () => {
    const value = evaluatePipeline(node.pipeline, dot, frame);
    let isEmpty = true;
    for (const [key, item] of itemsOf(value, node, frame)) {
      isEmpty = false;
      frame.execution.step();
      const flow = scoped(frame, () => {
        assignItem(node, key, item, frame);
        return walk(node.body, item, frame);
      });
      if (flow === 'break') return 'next';
    }
    return isEmpty ? walk(node.otherwise, dot, frame) : 'next';
  });
}

/** One variable takes the element, two take the index or key and the element. */
function assignItem({ pipeline }: Branch, key: unknown, item: unknown, frame: Frame): void {
  const values = pipeline.variables.length === 2 ? [key, item] : [item];
  for (const [i, name] of pipeline.variables.entries())
    setVariable(frame, pipeline.at, name, values[i], pipeline.declares);
}

function* itemsOf(value: unknown, { pipeline }: Branch, frame: Frame): Iterable<[unknown, unknown]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield [BigInt(i), item];
  else if (value instanceof Map) yield* sortedEntries(value);
  else if (typeof value === 'bigint') {
    if (pipeline.variables.length > 1)
      failAt(frame, pipeline.at, `can't use ${value} to iterate over more than one variable`);
    for (let i = 0n; i < value; i++) yield [i, i];
  } else if (value !== undefined && value !== null)
    failAt(frame, pipeline.at, `range can't iterate over ${showOrName(value)}`);
}

const showOrName = (value: unknown) => (typeof value === 'function' ? typeName(value) : showValue(value));

function callTemplate(node: TemplateNode & { kind: 'template' }, dot: unknown, frame: Frame): void {
  const { execution, depth } = frame;
  const template = frame.template.defined.get(node.name);
  if (!template) failAt(frame, node.at, `template ${JSON.stringify(node.name)} not defined`);
  if (depth >= execution.limits.depth) throw limitError('depth', execution.limits);
  const data = node.pipeline && evaluatePipeline(node.pipeline, dot, frame);
  walk(template.body, data, {
    execution,
    template,
    depth: depth + 1,
    variables: [{ name: '$', value: data }],
  });
}
