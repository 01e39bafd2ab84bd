import type { SyntaxNode } from '@lezer/common';
import { parseError } from './errors.ts';
import { parseNumber } from './literals.ts';

/** The value of a number literal, its sign left aside. */
export function numberOf(text: string, node: SyntaxNode): { value: number; asDuration: boolean } {
  const digits = text.slice(node.from, node.to).replace(/^[+-]\s*/, '');
  const number = parseNumber(digits);
  if (!number) throw parseError(text, node.from, `bad number or duration syntax: ${JSON.stringify(digits)}`);
  return number;
}
