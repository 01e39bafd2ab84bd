import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFloat, UserError } from '../core/index.ts';
import { expositionFormat, parseExposition } from './index.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Each series as one line: labels, value, and what else it carries. */
const linesOf = (contentType: string, body: string | Uint8Array) =>
  parseExposition(contentType, body).series.map(
    ({ labels, value, timestamp, exemplar }) =>
      `${labels} ${Object.is(value, -0) ? '-0' : value}${timestamp === undefined ? '' : ` @${timestamp}`}${
        exemplar ? ` # ${exemplar.labels} ${exemplar.value} ${exemplar.timestamp ?? '-'}` : ''
      }`,
  );
const text = (body: string | Uint8Array) => linesOf(TEXT, body);
const open = (body: string) => linesOf(OPEN, `${body}# EOF\n`);

function problemOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems[0]!;
  }
  throw new Error('accepted');
}

describe('text 0.0.4', () => {
  it('reads a usual exposition', () => {
    const body = [
      '# HELP requests_total All of \\\\ them,\\nby path.',
      '# TYPE requests_total counter',
      'requests_total{path="/a\\"b\\\\c\\n",code="200"} 1027 1395066363000',
      '',
      '  \t',
      '# just a comment',
      '#',
      'plain 1.5e3',
      'special{kind="nan"} NaN',
      'special{kind="inf"} +Inf',
      'special{kind="minus"} -inf',
    ].join('\n');
    expect(text(body)).toEqual([
      'requests_total{code="200", path="/a\\"b\\\\c\\n"} 1027 @1395066363000',
      'plain 1500',
      'special{kind="nan"} NaN',
      'special{kind="inf"} Infinity',
      'special{kind="minus"} -Infinity',
    ]);
    expect(parseExposition(TEXT, body).metadata).toEqual([
      { name: 'requests_total', help: 'All of \\ them,\nby path.' },
      { name: 'requests_total', type: 'counter' },
    ]);
  });

  it.each([
    ['a missing comma between labels', 'm{a="1" b="2"} 1', 'm{a="1", b="2"} 1'],
    ['a trailing comma', 'm{a="1",} 1', 'm{a="1"} 1'],
    ['an unknown escape', 'm{a="\\q"} 1', 'm{a="\\\\q"} 1'],
    ['blanks before the brace', 'm \t{ a = "1" } 1', 'm{a="1"} 1'],
    ['a quoted name after labels', '{a="1","my.metric"} 1', 'my.metric{a="1"} 1'],
    ['quoted label names', 'm{"my.label"="1"} 1', 'm{my.label="1"} 1'],
    ['a raw newline in a value', 'm{a="1\n2"} 1', 'm{a="1\\n2"} 1'],
    ['TYPE without a name', '# TYPE\nm 1', 'm 1'],
    ['an empty label value', 'm{a=""} 1', 'm 1'],
    ['tabs around the timestamp', 'm 1\t2\t', 'm 1 @2'],
    ['a comment that resembles HELP', '# HELPER x\nm 1', 'm 1'],
  ])('accepts %s', (_, body, line) => {
    expect(text(body)).toEqual([line]);
  });

  it.each([
    ['carriage returns', 'm 1\r\n', 'bad-exposition', '"1\\r" is not a number', 1, 3],
    ['a byte order mark', '\ufeffm 1\n', 'bad-exposition', 'expected a metric name', 1, 1],
    ['the type unknown', '# TYPE m unknown\n', 'bad-exposition', 'invalid metric type "unknown"', 1, 10],
    ['a blank after the type', '# TYPE m gauge \n', 'bad-exposition', 'invalid metric type', 1, 10],
    ['a negative timestamp', 'm 1 -5\n', 'bad-exposition', 'expected a timestamp', 1, 5],
    ['a timestamp of more than 64 bits', 'm 1 9223372036854775808\n', 'bad-exposition', 'out of range', 1, 5],
    ['hexadecimal', 'm 0x10\n', 'bad-exposition', 'is not a number', 1, 3],
    ['_ in numbers', 'm 1_000\n', 'bad-exposition', 'is not a number', 1, 3],
    ['a number that does not fit', 'ok 1\nm 1e999\n', 'bad-exposition', 'is not a number', 2, 3],
    ['a missing value', 'm\n', 'bad-exposition', 'expected a value', 1, 2],
    ['an unquoted value', 'm{a=1} 1\n', 'bad-exposition', 'in double quotes', 1, 5],
    ['two commas', 'm{a="1",,b="2"} 1\n', 'bad-exposition', 'expected a label name', 1, 9],
    ['a label twice', 'm{b="1",a="1",b="2"} 1\n', 'bad-exposition', 'given twice', 1, 1],
    ['two names', 'm{"n"} 1\n', 'bad-exposition', 'given twice', 1, 1],
    ['no name', '{a="1"} 1\n', 'bad-exposition', 'no metric name', 1, 1],
    ['an unclosed value', 'm{a="1} 1\n', 'bad-exposition', 'in double quotes', 1, 5],
    ['a second block', 'm{a="1"}{b="2"} 1\n', 'bad-exposition', 'expected a value', 1, 9],
  ])('refuses %s', (_, body, code, message, line, column) => {
    const problem = problemOf(() => text(body));
    expect(problem).toMatchObject({
      code,
      message: expect.stringContaining(message),
      position: { line, column },
    });
  });

  it('ends silently at a NUL that starts a line', () => {
    expect(text('a 1\n\0b 2\n')).toEqual(['a 1']);
    expect(text('\0')).toEqual([]);
    expect(text('#x\0\nb 2')).toEqual([]);
    expect(text('# \0\nb 2')).toEqual([]);
  });

  it('takes a name for absent that is given empty as well', () => {
    expect(text('m{a="",a="1",b="2"} 1\nm{a="1",a=""} 2')).toEqual(['m{b="2"} 1', 'm 2']);
  });

  it('normalises le and quantile after the TYPE line of a histogram or summary only', () => {
    const buckets = 'h{le="1"} 1\nh{le="1e3"} 1\nh{le="Inf"} 1\nh{le="1000000"} 1\nh{le="x"} 1\n';
    expect(text(buckets)[0]).toBe('h{le="1"} 1');
    expect(text(`# TYPE h histogram\n${buckets}`)).toEqual([
      'h{le="1.0"} 1',
      'h{le="1000.0"} 1',
      'h{le="+Inf"} 1',
      'h{le="1e+06"} 1',
      'h{le="x"} 1',
    ]);
    expect(text('# TYPE s summary\ns{quantile="0"} 1\ns{le="1"} 1')).toEqual([
      's{quantile="0.0"} 1',
      's{le="1"} 1',
    ]);
  });

  it('refuses a label value that is not UTF-8', () => {
    const body = Buffer.from([0x6d, 0x7b, 0x61, 0x3d, 0x22, 0xff, 0x22, 0x7d, 0x20, 0x31]);
    expect(problemOf(() => text(body)).message).toContain('not valid UTF-8');
    expect(text(Buffer.from('m{a="\ufffd"} 1'))).toEqual(['m{a="\ufffd"} 1']);
  });
});

describe('OpenMetrics 1.0', () => {
  it('reads samples with exemplars and timestamps in seconds', () => {
    const body = [
      '# TYPE requests counter',
      '# UNIT wait_seconds seconds',
      '# HELP requests All \\"of\\" them',
      'requests_total{path="/"} 5 1.5 # {trace_id="abc"} 0.25 1.25',
      'requests_total{path="/b"} 6 # {trace_id="def"} 2',
      'requests_created{path="/"} 1700000000.5',
      '# TYPE other gauge',
      'other_created 3 # {} 1',
      '',
    ].join('\n');
    expect(open(body)).toEqual([
      'requests_total{path="/"} 5 @1500 # {trace_id="abc"} 0.25 1250',
      'requests_total{path="/b"} 6 # {trace_id="def"} 2 -',
      'requests_created{path="/"} 1700000000.5',
      'other_created 3 # {} 1 -',
    ]);
    expect(parseExposition(OPEN, `${body}# EOF`).metadata).toContainEqual({
      name: 'requests',
      help: 'All "of" them',
    });
  });

  it.each([
    ['a trailing comma', 'm{a="1",} 1\n'],
    ['a type given twice', '# TYPE m counter\n# TYPE m gauge\nm -1\n'],
    ['an empty unit', '# UNIT m \nm 1\n'],
  ])('accepts %s', (_, body) => {
    expect(open(body)).toHaveLength(1);
  });

  it.each([
    ['a unit that is no suffix', '# UNIT m seconds\n', 'is not a suffix'],
    ['an empty line', 'm 1\n\n', 'expected a metric name'],
    ['two spaces', 'm  1\n', 'expected a value'],
    ['a space before the brace', 'm {a="1"} 1\n', 'is not a number'],
    ['a missing comma', 'm{a="1"b="2"} 1\n', 'expected a comma'],
    ['a raw newline in a value', 'm{a="1\n2"} 1\n', 'in double quotes'],
    ['a free comment', '# hello\n', 'expected HELP'],
    ['an exemplar without a value', 'm 1 # {a="1"}\n', 'a value of the exemplar'],
    ['a name in an exemplar', 'm 1 # {"n"} 1\n', 'expected a label with its value'],
    ['a timestamp that is not finite', 'm 1 NaN\n', 'not finite'],
    ['a trailing space', 'm 1 \n', 'expected a timestamp'],
  ])('refuses %s', (_, body, message) => {
    expect(problemOf(() => open(body)).message).toContain(message);
  });

  it('wants # EOF, and nothing behind it', () => {
    expect(problemOf(() => linesOf(OPEN, 'm 1\n')).message).toContain('does not end with # EOF');
    expect(problemOf(() => linesOf(OPEN, '# EOF\nm 1\n')).message).toContain('data after # EOF');
    expect(linesOf(OPEN, '# EOF')).toEqual([]);
  });
});

describe('the content type', () => {
  it.each([
    ['text/plain', 'text'],
    ['TEXT/Plain; version=0.0.4', 'text'],
    ['text/plain; version="1.0.0"; escaping=allow-utf-8', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text; version=0.0.1;', 'openmetrics'],
  ])('%s chooses %s', (contentType, format) => {
    expect(expositionFormat(contentType)).toBe(format);
  });

  it.each([
    [undefined, 'no-content-type'],
    ['', 'no-content-type'],
    ['text/', 'bad-content-type'],
    ['text/plain; version', 'bad-content-type'],
    ['text/html; charset=utf-8', 'unsupported-content-type'],
    ['application/json', 'unsupported-content-type'],
    ['application/vnd.google.protobuf', 'unsupported-content-type'],
    ['application/openmetrics-text; version=2.0.0', 'unsupported-content-type'],
    ['constructor', 'unsupported-content-type'],
  ])('%j fails with %s', (contentType, code) => {
    expect(problemOf(() => expositionFormat(contentType)).code).toBe(code);
  });
});

describe('any input', () => {
  const fragments = fc.constantFrom(
    ...[
      'm',
      '{',
      '}',
      '"',
      '\\',
      '=',
      ',',
      ' ',
      '\n',
      '#',
      ' # {',
      '1',
      'NaN',
      '# TYPE ',
      '# EOF',
      '\0',
      'é',
      'le',
    ],
  );
  const garbage = fc.oneof(
    fc.array(fragments, { maxLength: 60 }).map(parts => parts.join('')),
    fc.string(),
  );

  it.each([TEXT, OPEN])('is read or refused with a UserError: %s', contentType => {
    fc.assert(
      fc.property(fc.oneof(garbage, fc.uint8Array({ maxLength: 80 })), body => {
        try {
          parseExposition(contentType, body);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('prints and reads back any labels', () => {
    const quote = (value: string) =>
      value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.double({ noNaN: true }), (value, number) => {
        fc.pre(!value.includes('\0'));
        const shown = formatFloat(number);
        const { series } = parseExposition(OPEN, `m{a="${quote(value)}"} ${shown}\n# EOF`);
        expect(series[0]!.labels.get('a')).toBe(value);
        expect(series[0]!.value).toBe(number);
      }),
      { seed: 11 },
    );
  });
});
