import { describe, expect, it } from 'vitest';
import { createExpositionReader, parseExposition, type ReadOptions, visitExposition } from './index.ts';

const OPEN = 'application/openmetrics-text; version=1.0.0';

/** Reads with guesses; gives what each sample's text was found to be, and how often it had to be read. */
function readGuessing(contentType: string, body: string, guesses: readonly string[]) {
  const texts: string[] = [];
  let at = 0;
  createExpositionReader(contentType, body, {
    expected: () => guesses[at++] ?? '',
    sample: ({ text, value }) => texts.push(`${text} = ${value}`),
  }).read(Number.POSITIVE_INFINITY);
  return texts;
}

describe('reading with guesses', () => {
  it.each([
    ['holds', 'm{a="1"} 1', 'm{a="1"}', 'm{a="1"} = 1'],
    ['holds for a name alone', 'm 1', 'm', 'm = 1'],
    ['is the beginning of another name', 'mm 1', 'm', 'mm = 1'],
    ['lacks the labels', 'm{a="1"} 1', 'm', 'm{a="1"} = 1'],
    ['lacks the labels behind a blank', 'm {a="1"} 1', 'm', 'm {a="1"} = 1'],
    ['has labels that are gone', 'm 1', 'm{a="1"}', 'm = 1'],
    ['is another series', 'm{a="1"} 1', 'm{a="2"}', 'm{a="1"} = 1'],
    ['is another series of the same length', '{"m",a="1"} 1', '{"n",a="1"}', '{"m",a="1"} = 1'],
  ])('reads the same when the guess %s', (_, line, guess, expected) => {
    expect(readGuessing('text/plain', `${line}\n`, [guess])).toEqual([expected]);
  });

  it('reads the same in OpenMetrics, where no blank may stand before the labels', () => {
    expect(readGuessing(OPEN, 'm{a="1"} 1 # {} 2\nm 2\n# EOF', ['m{a="1"}', 'm'])).toEqual([
      'm{a="1"} = 1',
      'm = 2',
    ]);
    expect(() => readGuessing(OPEN, 'm {a="1"} 1\n# EOF', ['m'])).toThrow('is not a number');
  });
});

it('reads in slices', () => {
  const values: number[] = [];
  const reader = createExpositionReader('text/plain', 'm 1\nm 2\nm 3\n', {
    sample: ({ value }) => values.push(value),
  });
  expect(reader.read(2)).toBe(true);
  expect(values).toEqual([1, 2]);
  expect(reader.read(2)).toBe(false);
  expect(values).toEqual([1, 2, 3]);
});

it('hands on what stands before a failure', () => {
  const values: number[] = [];
  const read = () => visitExposition('text/plain', 'm 1\n!\n', { series: ({ value }) => values.push(value) });
  expect(read).toThrow('2:1');
  expect(values).toEqual([1]);
});

it('tells which labels were given empty', () => {
  const empty: string[] = [];
  createExpositionReader('text/plain', 'm{instance="",a="1",job=""} 1\n', {
    sample: entry => empty.push(...entry.series().emptyLabels),
  }).read(1);
  expect(empty).toEqual(['instance', 'job']);
});

describe('start timestamps', () => {
  const started = (body: string, options: ReadOptions = { startTimestamps: true }) =>
    parseExposition(OPEN, `${body}\n# EOF`, options).series.map(
      ({ labels, startTimestamp }) => `${labels} ${startTimestamp ?? '-'}`,
    );

  it('come from the created line of the same metric, which is then no series', () => {
    const body = `# TYPE a counter
a_total{x="1"} 5
a_created{x="1"} 1.5
a_total{x="2"} 5
a_created{x="2"} 2
# TYPE h histogram
h_bucket{x="1",le="1"} 1
h_bucket{x="1",le="+Inf"} 1
h_created{x="1"} 3
h_count{x="1"} 1
h_sum{x="1"} 1
# TYPE s summary
s{quantile="0.5"} 1
s_count 1
s_created 4
# TYPE g gauge
g_created 9`;
    expect(started(body)).toEqual([
      'a_total{x="1"} 1500',
      'a_total{x="2"} 2000',
      'h_bucket{le="1.0", x="1"} 3000',
      'h_bucket{le="+Inf", x="1"} 3000',
      'h_count{x="1"} 3000',
      'h_sum{x="1"} 3000',
      's{quantile="0.5"} 4000',
      's_count 4000',
      'g_created -',
    ]);
    expect(started(body, {})).toContain('a_created{x="1"} -');
  });

  it.each([
    ['the created line is of another metric', '# TYPE a counter\na_total{x="1"} 5\na_created{x="2"} 1'],
    ['metadata stands between', '# TYPE a counter\na_total 5\n# HELP b x\na_created 1'],
    ['the family is named otherwise', '# TYPE a_total counter\na_total 5\na_created 1'],
    ['there is none', '# TYPE a counter\na_total 5'],
    ['it is not a number', '# TYPE a counter\na_total 5\na_created NaN'],
  ])('are unknown when %s', (_, body) => {
    expect(started(body)[0]).toMatch(/ -$/);
  });

  it('are found for quoted names', () => {
    expect(started('# TYPE "a.b" counter\n{"a.b_total",x="1"} 5\n{"a.b_created",x="1"} 1')).toEqual([
      'a.b_total{x="1"} 1000',
    ]);
  });

  it('do not slow down a family without them', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `a_total{x="${i}"} 5`);
    expect(started(`# TYPE a counter\n${lines.join('\n')}`)).toHaveLength(3000);
  });
});
