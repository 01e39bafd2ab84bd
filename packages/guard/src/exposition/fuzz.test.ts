import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { parseExposition } from './index.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const TEXT_SAMPLE = `# HELP http_requests_total All of \\\\ them.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
{"größe.ü",a="1"} 3
# TYPE latency histogram
latency_bucket{le="0.5"} 1
latency_bucket{le="+Inf"} 2
latency_sum 1.5e-3
latency_count 2
`;
const OPEN_SAMPLE = `# TYPE requests counter
# UNIT requests_seconds seconds
requests_total{a="b"} 17.0 1520879607.789 # {trace_id="abc"} 0.67 1520879607.8
requests_created 1520872607.123
# TYPE state stateset
state{state="a"} 1
# EOF
`;
const SAMPLES = [
  [TEXT, TEXT_SAMPLE],
  [OPEN, OPEN_SAMPLE],
] as const;

/** Whether the body is read; anything but a UserError is a failure. */
function isRead(contentType: string, body: Uint8Array | string): boolean {
  try {
    parseExposition(contentType, body);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return false;
  }
}

describe.each(SAMPLES)('an exposition as %s', (contentType, sample) => {
  it('is read when it is whole', () => {
    expect(isRead(contentType, sample)).toBe(true);
  });

  it('with bytes changed, lost and doubled is read or refused with a reason', () => {
    const bytes = Buffer.from(sample);
    const place = fc.nat(bytes.length - 1);
    const changed = fc
      .tuple(fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 5 }), place, place, fc.boolean())
      .map(([changes, from, to, isLost]) => {
        const copy = Buffer.from(bytes);
        for (const [at, byte] of changes) copy[at] = byte;
        const [start, end] = [Math.min(from, to), Math.max(from, to)];
        const part = isLost ? Buffer.alloc(0) : copy.subarray(start, end);
        return Buffer.concat([copy.subarray(0, end), part, copy.subarray(isLost ? end : start)]);
      });
    fc.assert(
      fc.property(changed, body => {
        isRead(contentType, body);
      }),
      { numRuns: 2000, seed: 31 },
    );
  });

  it.each([
    ['label names', `m{${'a'.repeat(1_000_000)}="1"} 1\n`],
    ['label values', `m{a="${'\\\\'.repeat(500_000)}"} 1\n`],
    ['labels', `m{${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(',')}} 1\n`],
    [
      'labels out of order',
      `m{${Array.from({ length: 100_000 }, (_, i) => `a${1e6 - i}="1"`).join(',')}} 1\n`,
    ],
    ['an open brace', '{'.repeat(1_000_000)],
    ['an open quote', `m{a="${'x'.repeat(1_000_000)}`],
    ['blanks', `m${' '.repeat(1_000_000)}1\n`],
    ['digits', `m ${'1'.repeat(1_000_000)}\n`],
    ['comments', '#\n'.repeat(500_000)],
    ['empty lines', '\n'.repeat(1_000_000)],
    ['help', `# HELP m ${'\\n'.repeat(500_000)}\n`],
    ['hashes', '# '.repeat(500_000)],
  ])('with a megabyte and more of %s is done at once', (_what, body) => {
    // The bound is the test's own time limit: what is not linear does not end.
    isRead(contentType, body);
  });
});
