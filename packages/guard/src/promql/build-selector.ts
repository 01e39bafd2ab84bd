import type { SyntaxNode } from '@lezer/common';
import { createMatcher, type Matcher, type MatchOperator, METRIC_NAME, UserError } from '../core/index.ts';
import type { Span, VectorSelector } from './ast.ts';
import { parseError } from './errors.ts';
import { unquote } from './literals.ts';

/** Builds a vector selector without modifiers. @throws UserError `bad-promql` */
export function buildVectorSelector(text: string, node: SyntaxNode, span: Span): VectorSelector {
  const identifier = node.getChild('Identifier');
  const name = identifier ? text.slice(identifier.from, identifier.to) : '';
  const braces = node.getChild('LabelMatchers');
  const matchers = braces ? matchersOf(text, braces) : [];
  checkNames(text, span, name, matchers);
  if (name !== '') matchers.push(createMatcher(METRIC_NAME, '=', name));
  return { type: 'vector', name, matchers, offset: undefined, at: undefined, span };
}

function checkNames(text: string, span: Span, name: string, matchers: readonly Matcher[]): void {
  const other = matchers.find(matcher => matcher.name === METRIC_NAME);
  if (name !== '' && other)
    throw parseError(
      text,
      span.start,
      `metric name must not be set twice: ${JSON.stringify(name)} or ${JSON.stringify(other.value)}`,
    );
  if (name === '' && matchers.every(matcher => matcher.matches('')))
    throw parseError(text, span.start, 'vector selector must contain at least one non-empty matcher');
}

function matchersOf(text: string, braces: SyntaxNode): Matcher[] {
  const matchers: Matcher[] = [];
  for (let child = braces.firstChild; child; child = child.nextSibling) matchers.push(matcherOf(text, child));
  return matchers;
}

function matcherOf(text: string, node: SyntaxNode): Matcher {
  if (node.name === 'QuotedLabelName') return createMatcher(METRIC_NAME, '=', nonEmpty(text, node));
  const nameNode = node.firstChild!;
  const name = labelName(text, nameNode);
  const operator = node.getChild('MatchOp')!;
  const value = readString(text, node.getChild('StringLiteral')!);
  try {
    return createMatcher(name, text.slice(operator.from, operator.to) as MatchOperator, value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw parseError(text, node.getChild('StringLiteral')!.from, error.problems[0]!.message);
  }
}

function labelName(text: string, node: SyntaxNode): string {
  return node.name === 'QuotedLabelName' ? nonEmpty(text, node) : text.slice(node.from, node.to);
}

function nonEmpty(text: string, node: SyntaxNode): string {
  const value = readString(text, node.firstChild!);
  if (value === '') throw parseError(text, node.from, 'a quoted name must not be empty');
  return value;
}

/** The names of `by (…)`, `on (…)` and the like. */
export function labelNames(text: string, grouping: SyntaxNode): string[] {
  const names: string[] = [];
  for (let child = grouping.firstChild; child; child = child.nextSibling) names.push(labelName(text, child));
  return names;
}

/** The value of a string literal. @throws UserError `bad-promql` */
export function readString(text: string, node: SyntaxNode): string {
  const read = unquote(text.slice(node.from, node.to));
  if ('message' in read) throw parseError(text, node.from + read.offset, read.message);
  return read.value;
}
