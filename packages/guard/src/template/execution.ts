import { UserError } from '../core/index.ts';
import type { Operand, ParsedTemplate, Pipeline } from './ast.ts';
import { showValue } from './format-value.ts';
import type { TemplateFunction } from './signature.ts';
import { templateError } from './template-error.ts';

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

/** How what a template gives is written down. */
export interface TemplateWriter {
  /** What stands between actions, as it is to be written. */
  text(text: string): string;
  /** What an action gives, as it is to be written. @param fail ends the template at this action */
  value(value: unknown, pipeline: Pipeline, fail: (message: string) => never): string;
}

/** As text/template writes. */
export const PLAIN_WRITER: TemplateWriter = { text: text => text, value: showValue };

/** What all templates of one execution share. */
export interface Execution {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly limits: TemplateLimits;
  readonly output: { text: string };
  readonly writer: TemplateWriter;
  /** Counts a node or call. @throws UserError `template-limit` */
  step(): void;
  write(text: string): void;
}

/** One template that is being executed. */
export interface Frame {
  readonly execution: Execution;
  readonly template: ParsedTemplate;
  /** How many templates have called each other. */
  readonly depth: number;
  /** Innermost last. */
  readonly variables: { readonly name: string; value: unknown }[];
}

export function createExecution(
  functions: ReadonlyMap<string, TemplateFunction>,
  limits: TemplateLimits,
  writer: TemplateWriter,
): Execution {
  const output = { text: '' };
  let steps = 0;
  return {
    functions,
    limits,
    output,
    writer,
    step() {
      if (++steps > limits.steps) throw limitError('steps', limits);
    },
    write(text) {
      output.text += text;
      if (output.text.length > limits.outputLength) throw limitError('outputLength', limits);
    },
  };
}

export const limitError = (name: keyof TemplateLimits, limits: TemplateLimits): UserError =>
  new UserError('template-limit', `the template exceeds the limit of ${limits[name]} for ${name}`);

export function failAt({ template }: Frame, at: number, message: string): never {
  throw templateError(template.text, at, message);
}

/** Texts that templates build without writing them are bounded as the output is. */
function checkLength({ execution: { limits } }: Frame, value: unknown): void {
  if (typeof value === 'string' && value.length > limits.outputLength)
    throw limitError('outputLength', limits);
}

/** Calls what may throw anything; limits go through as they are, all else gets its place. */
export function guarded<T>(frame: Frame, { at }: Operand, name: string, call: () => T): T {
  try {
    const result = call();
    checkLength(frame, result);
    return result;
  } catch (error) {
    if (error instanceof UserError && error.code === 'template-limit') throw error;
    const message = error instanceof Error ? error.message : String(error);
    return failAt(frame, at, `error calling ${name}: ${message}`);
  }
}
