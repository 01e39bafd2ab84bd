import { messageOf, UserError } from '../core/index.ts';
import { compileTemplate, type ParsedTemplate } from '../template/index.ts';
import type { AlertingRule } from './rule-file.ts';
import { TEMPLATE_FUNCTION_NAMES, TEMPLATE_VARIABLES } from './template-functions.ts';

/** A label or annotation, read once for all evaluations. */
export interface Expandable {
  readonly name: string;
  /** A text without actions, a template, or why that cannot be read. */
  readonly content: string | ParsedTemplate | Error;
}

export interface RuleTemplates {
  readonly labels: readonly Expandable[];
  readonly annotations: readonly Expandable[];
}

export const compileRule = ({ labels, annotations }: AlertingRule): RuleTemplates => ({
  labels: compileAll(labels),
  annotations: compileAll(annotations),
});

const compileAll = (texts: Readonly<Record<string, string>>): Expandable[] =>
  Object.entries(texts).map(([name, text]) => ({ name, content: contentOf(text) }));

/** A group's labels are not looked at when the file is loaded: what is broken there fails at each evaluation. */
function contentOf(text: string): Expandable['content'] {
  if (!text.includes('{{')) return text;
  try {
    return compileTemplate(text, { functions: TEMPLATE_FUNCTION_NAMES, variables: TEMPLATE_VARIABLES });
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** What stands where a template failed (rules/alerting.go). */
export const failureText = (error: unknown): string =>
  `<error expanding template: ${error instanceof UserError ? error.problems[0]!.message : messageOf(error)}>`;
