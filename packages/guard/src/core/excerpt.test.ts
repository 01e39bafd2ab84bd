import { describe, expect, it } from 'vitest';
import { caretExcerpt, lineAndColumn } from './excerpt.ts';

describe('an excerpt', () => {
  it('shows the line with a caret below the column', () => {
    expect(caretExcerpt('one\ntwo three\nfour', 8)).toBe('  two three\n      ^');
    expect(lineAndColumn('one\ntwo three', 8)).toEqual({ line: 2, column: 5 });
  });

  it('shows lines whole up to a hundred characters, wherever the caret is', () => {
    const line = 'x'.repeat(100);
    expect(caretExcerpt(line, 100)).toBe(`  ${line}\n  ${' '.repeat(100)}^`);
  });

  it('cuts longer lines around the caret', () => {
    const line = `${'a'.repeat(100)}!${'b'.repeat(100)}`;
    expect(caretExcerpt(line, 100)).toBe(`  ${'a'.repeat(50)}!${'b'.repeat(49)}\n  ${' '.repeat(50)}^`);
  });
});
