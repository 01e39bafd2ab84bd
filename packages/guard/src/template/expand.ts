import type { ParsedTemplate } from './ast.ts';
import { BUILTINS, SHORT_CIRCUIT } from './builtins.ts';
import { type Executed, executeTemplate } from './execute.ts';
import { DEFAULT_LIMITS, PLAIN_WRITER, type TemplateLimits, type TemplateWriter } from './execution.ts';
import { parseTemplate } from './parse.ts';
import type { TemplateFunction } from './signature.ts';

export interface CompileOptions {
  /** Names that may be called beside text/template's own. */
  readonly functions: Iterable<string>;
  /** Variables given at execution, with their `$`. */
  readonly variables?: readonly string[];
}

/** Reads a template for later execution. @throws UserError `bad-template` with line and column */
export function compileTemplate(text: string, { functions, variables = [] }: CompileOptions): ParsedTemplate {
  const known = new Set([...functions, ...BUILTINS.keys(), ...SHORT_CIRCUIT]);
  return parseTemplate(text, { functions: known, variables });
}

export interface ExpandOptions {
  /** What `.` is: structs are plain objects, maps are Map, integers bigint, floats number. */
  readonly data: unknown;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly variables?: ReadonlyMap<string, unknown>;
  readonly limits?: Partial<TemplateLimits>;
  /** As text/template writes by default. */
  readonly writer?: TemplateWriter;
}

/** Expands a compiled template. @throws UserError `bad-template`, `template-limit` */
export function runTemplate(template: ParsedTemplate, options: ExpandOptions): string {
  const result = tryTemplate(template, options);
  if ('failure' in result) throw result.failure;
  return result.text;
}

/** As `runTemplate`; does not throw, and gives what came out before a failure. */
export function tryTemplate(template: ParsedTemplate, options: ExpandOptions): Executed {
  return executeTemplate(template, {
    data: options.data,
    functions: options.functions,
    variables: options.variables ?? new Map(),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    writer: options.writer ?? PLAIN_WRITER,
  });
}

/** Reads and expands at once. @throws UserError `bad-template`, `template-limit` */
export function expandTemplate(text: string, options: ExpandOptions): string {
  // Without actions there is nothing to read, and most labels have none.
  if (!text.includes('{{')) return text;
  const variables = [...(options.variables ?? new Map<string, unknown>()).keys()];
  return runTemplate(compileTemplate(text, { functions: options.functions.keys(), variables }), options);
}
