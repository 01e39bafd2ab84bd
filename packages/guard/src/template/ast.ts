/** A variable, field, constant, call or parenthesised pipeline, with the offset for errors. */
export type Operand = { readonly at: number } & (
  | { readonly kind: 'dot' }
  | { readonly kind: 'nil' }
  /** Integers are bigint, floats number: Go tells them apart when it compares and prints. */
  | { readonly kind: 'constant'; readonly value: string | number | bigint | boolean }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline; readonly path: readonly string[] }
);

/** A function, method or value with arguments. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
}

export interface Pipeline {
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
