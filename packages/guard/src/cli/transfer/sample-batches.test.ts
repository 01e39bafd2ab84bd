import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportFormat } from '../choices.ts';
import { type ReadCounts, sampleBatches } from './sample-batches.ts';

interface Read {
  readonly samples: string[];
  readonly lines: number[];
  readonly counts: ReadCounts;
}

/** Reads a text in chunks and blocks of so many bytes. */
async function read(
  text: string,
  { format = 'openmetrics' as ImportFormat, bytes = 7, size = 3 } = {},
): Promise<Read> {
  const whole = Buffer.from(text, 'latin1');
  async function* chunks() {
    for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
  }
  const counts: ReadCounts = { exemplars: 0 };
  const found: Read = { samples: [], lines: [], counts };
  for await (const batch of sampleBatches('x.om', chunks(), { format, size, counts, blockBytes: bytes })) {
    expect(batch.lines.length).toBeLessThanOrEqual(size);
    for (const [i, labels] of batch.series.entries())
      found.samples.push(`${labels} ${batch.values[i]} ${batch.timestamps[i]}`);
    found.lines.push(...batch.lines);
  }
  return found;
}

const TEXT = `# TYPE a histogram
# HELP a Odd " quotes, # EOF
a_bucket{le="1"} 1 10
a_bucket{le="+Inf"} 2 10.5
a_sum 5 10
# TYPE b gauge
b{le="1",text="x\\"y\\\\"} NaN -1.5
# EOF
`;

describe('reading samples to import', () => {
  it('gives them in the order of the file, with their lines, however the file is cut', async () => {
    const expected = {
      samples: [
        'a_bucket{le="1.0"} 1 10000',
        'a_bucket{le="+Inf"} 2 10500',
        'a_sum 5 10000',
        'b{le="1", text="x\\"y\\\\"} NaN -1500',
      ],
      lines: [3, 4, 5, 7],
      counts: { exemplars: 0 },
    };
    for (let bytes = 1; bytes < 90; bytes++) expect(await read(TEXT, { bytes })).toEqual(expected);
  });

  it('reads the text format, whose label values may hold newlines', async () => {
    const text = 'a{x="1\n2\n\\"3"} 1 1000\n\n  # "\n# TYPE b untyped\na 2 2000\n a 3 3000';
    for (let bytes = 1; bytes < 60; bytes++) {
      expect(await read(text, { bytes, format: 'text' })).toMatchObject({
        samples: ['a{x="1\\n2\\n\\"3"} 1 1000', 'a 2 2000', 'a 3 3000'],
        lines: [1, 7, 8],
      });
    }
  });

  it('counts exemplars, which are not imported', async () => {
    expect((await read('a_total 1 10 # {id="x"} 1\n# EOF\n')).counts).toEqual({ exemplars: 1 });
  });

  it.each([
    ['a 1 10\na 2\n# EOF\n', 'x.om:2:1: the sample of a has no timestamp [no-timestamp]'],
    ['a 1 10\na 1700000000000 1700000000000\n# EOF\n', '--format text'],
    ['# TYPE a gauge\na 1 10\na{b="} 2 11\n# EOF\n', 'x.om:3:5: expected a label value'],
    ['# TYPE a gauge\n\na 1 10\n# EOF\n', 'x.om:2:1: expected a metric name or #'],
    ['a 1 10\na 2 11 garbage\n# EOF\n', '[bad-exposition]\n  a 2 11 garbage\n'],
    ['a 1 10\n# EOF\na 2 11\n', 'x.om:3:1: there is data after # EOF'],
    ['a 1 10\na 2 11\n', 'x.om:3:1: the exposition does not end with # EOF'],
    ['a 1 10\na 2 1', 'x.om:2:6: expected the end of the line'],
    ['a{b="\xff"} 1 10\n# EOF\n', 'not valid UTF-8'],
  ])('tells the place of what is wrong in %j', async (text, message) => {
    for (const bytes of [1, 5, 1000]) await expect(read(text, { bytes })).rejects.toThrow(message);
  });

  it('takes no line without an end', async () => {
    await expect(read(`a{b="${'x'.repeat(2 << 20)}`, { bytes: 1 << 18 })).rejects.toThrow(
      /x\.om:1:1: the line is longer than 1048576 bytes \[line-too-long\]/,
    );
  });

  it('ends on any bytes, with samples or an error that names the file', async () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '1',
      '\n',
      '"',
      '\\',
      '#',
      '{',
      '}',
      '=',
      ',',
      '# EOF\n',
      '# TYPE a ',
      'gauge',
      '\xff',
      '\0',
    );
    const format = fc.constantFrom<ImportFormat>('openmetrics', 'text');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        format,
        async (pieces, bytes, kind) => {
          await read(pieces.join(''), { bytes, format: kind }).catch((error: Error) => {
            expect(error.message).toMatch(/^x\.om:\d+:\d+: /);
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
