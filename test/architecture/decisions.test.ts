import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../docs/decisions');
const records = readdirSync(folder)
  .filter(name => name !== 'README.md')
  .toSorted();

describe('decision records', () => {
  it('are numbered one after the other, none twice', () => {
    const numbers = records.map(name => name.slice(0, 4));
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')));
  });

  it.each(records)('%s bears its number in its title', name => {
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(
      new RegExp(`^# ${Number(name.slice(0, 4))}\\. `),
    );
  });
});
