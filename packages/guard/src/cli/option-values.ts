import { UserError } from '../core/index.ts';

/** Reads a whole number of an option. @throws UserError `bad-option` */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value)) return value;
  throw new UserError('bad-option', `${JSON.stringify(text)} is not a whole number`);
}

/** Gathers the values of an option that may be given often. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value];
