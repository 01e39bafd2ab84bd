import type { SyntaxNode } from '@lezer/common';
import { parseError } from './errors.ts';
import { parseNumber } from './literals.ts';

/** Value of a number literal with its optional sign. */
export function numberOf(text: string, node: SyntaxNode): { value: number; asDuration: boolean } {
  const [, sign, digits] = /^([+-]?)\s*(.*)$/s.exec(text.slice(node.from, node.to))!;
  const number = parseNumber(digits!);
  if (!number) throw parseError(text, node.from, `bad number or duration syntax: ${JSON.stringify(digits)}`);
  return sign === '-' ? { ...number, value: -number.value } : number;
}

