/** A number as it is written: Go decides by where it stands whether it is an integer or a float. */
export interface NumberConstant {
  readonly text: string;
  /** Where it is a whole number that fits in 64 bits, signed. */
  readonly integer?: bigint;
  readonly float: number;
  /** Written with a point or an exponent: a float where nothing else is asked for. */
  readonly isFloat: boolean;
}

/** A value or what gives one, with the offset for errors. */
export type Operand = { readonly at: number } & (
  | { readonly kind: 'dot' }
  | { readonly kind: 'nil' }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number'; readonly number: NumberConstant }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  /** Fields of what a pipeline or function gives. */
  | { readonly kind: 'chain'; readonly operand: Operand; readonly path: readonly string[] }
);

/** A function, method or value with arguments. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
}

export interface Pipeline {
  readonly at: number;
  /** Variables that take its value: one, or index and element of a range. */
  readonly variables: readonly string[];
  /** Whether they are declared here (`:=`) rather than assigned (`=`). */
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | Branch
  | { readonly kind: 'template'; readonly name: string; readonly pipeline?: Pipeline; readonly at: number }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' };

export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipeline: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** A template that was read. */
export interface ParsedTemplate {
  readonly text: string;
  readonly body: readonly TemplateNode[];
  /** By `define` and `block`. */
  readonly defined: ReadonlyMap<string, ParsedTemplate>;
}
