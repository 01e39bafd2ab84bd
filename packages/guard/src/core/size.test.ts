import { expect, it } from 'vitest';
import { formatSize, parseSize } from './size.ts';

it.each([
  ['0', 0, '0B'],
  ['0B', 0, '0B'],
  ['17B', 17, '17B'],
  ['1KB', 1024, '1KiB'],
  ['1KiB', 1024, '1KiB'],
  ['512MB', 512 * 1024 ** 2, '512MiB'],
  ['1.5GB', 1.5 * 1024 ** 3, '1GiB512MiB'],
  ['1GB512MB', 1.5 * 1024 ** 3, '1GiB512MiB'],
  ['2EB', 2 * 1024 ** 6, '2EiB'],
])('reads %s as %d bytes, written %s', (text, bytes, written) => {
  expect(parseSize(text)).toBe(bytes);
  expect(formatSize(bytes)).toBe(written);
});

it.each(['', '12', 'MB', '1iB', '1kb', '-1MB', '1MB ', '1XB', '1MB5'])('takes %j for no size', text => {
  expect(parseSize(text)).toBeUndefined();
});
