import { caretExcerpt, lineAndColumn, UserError } from '../core/index.ts';

/** `bad-template`, at an offset of the template's text. */
export function templateError(text: string, at: number, message: string): UserError {
  return new UserError('bad-template', message, {
    position: lineAndColumn(text, at),
    excerpt: caretExcerpt(text, at),
  });
}
