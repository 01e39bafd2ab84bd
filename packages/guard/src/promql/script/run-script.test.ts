import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine, type PromqlEngine, parseExpr, type QueryResult } from '../index.ts';
import { runScript } from '../testing.ts';

const folder = new URL('../scripts/', import.meta.url);
const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 100_000 });
const failuresOf = (text: string) =>
  runScript(text, engine).evals.filter(({ outcome }) => outcome !== 'passed');

describe('behaviour scripts', () => {
  it.each(readdirSync(folder))('%s holds', name => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const report = runScript(text, engine);
    expect(report.evals.length).toBeGreaterThan(3);
    expect(report.evals.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });
});

describe('the runner', () => {
  const load = 'load 1m\n  m{a="1"} 1 2\n  m{a="2"} 3 4\n\n';

  it.each([
    ['a wrong value', 'eval instant at 1m m{a="1"}\n  m{a="1"} 3'],
    ['a missing series', 'eval instant at 1m m\n  m{a="1"} 2\n  m{a="2"} 4\n  m{a="3"} 4'],
    ['a series too many', 'eval instant at 1m m\n  m{a="1"} 2'],
    ['a wrong label', 'eval instant at 1m m{a="1"}\n  m{a="3"} 2'],
    ['a wrong order', 'eval instant at 1m sort(m)\n  expect ordered\n  m{a="2"} 4\n  m{a="1"} 2'],
    ['a wrong order in the old style', 'eval_ordered instant at 1m sort(m)\n  m{a="2"} 4\n  m{a="1"} 2'],
    ['a vector in place of a scalar', 'eval instant at 1m vector(2)\n  2'],
    ['a range query that should be ordered', 'eval range from 0 to 1m step 1m 1\n  expect ordered\n  {} 1 1'],
    ['a failure that does not come', 'eval instant at 1m m\n  expect fail'],
    ['a failure with another message', 'eval instant at 1m m + on() m\n  expect fail msg: no'],
    ['a failure that is not expected', 'eval instant at 1m m + on() m'],
    ['a failure that is expected in the old style', 'eval_fail instant at 1m m'],
    [
      'a warning in other words',
      'eval instant at 1m quantile(2, m)\n  expect warn msg: PromQL warning: quantile (1:10)\n  {} +Inf',
    ],
    [
      'a warning at another place',
      'eval instant at 1m quantile(2, m)\n' +
        '  expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 2 (1:1)\n  {} +Inf',
    ],
    ['a warning that must not be', 'eval instant at 1m quantile(2, m)\n  expect no_warn\n  {} +Inf'],
    ['a missing warning', 'eval instant at 1m m{a="1"}\n  expect warn\n  m{a="1"} 2'],
    [
      'an info that must not be',
      'eval instant at 1m sum(rate(m[2m]))\n  expect no_info\n  {} 0.03333333333333333',
    ],
    ['a wrong point of a range', 'eval range from 0 to 1m step 1m m{a="1"}\n  m{a="1"} 1 3'],
    ['a wrong scalar', 'eval instant at 1m 1 + 1\n  3'],
    ['a wrong string', 'eval instant at 1m "x"\n  expect string "y"'],
  ])('fails on %s', (_, evaluation) => {
    expect(failuresOf(load + evaluation)).toMatchObject([{ outcome: 'failed', line: 5 }]);
  });

  const empty: QueryResult = { type: 'matrix', series: [], warnings: [], infos: [] };
  const other = parseExpr('vector(7)');

  it.each<[string, Partial<PromqlEngine>]>([
    ['as a range query', { range: () => empty }],
    [
      'at another instant',
      { instant: (data, expr, at) => engine.instant(data, at === 60_000 ? expr : other, at) },
    ],
  ])('fails on an engine whose answer is another one %s', (_, broken) => {
    const { evals } = runScript(`${load}eval instant at 1m m{a="1"}\n  m{a="1"} 2`, { ...engine, ...broken });
    expect(evals).toMatchObject([{ outcome: 'failed', line: 5 }]);
  });

  it('passes what is right, so that the failures above mean something', () => {
    expect(failuresOf(`${load}eval instant at 1m m\n  m{a="2"} 4\n  m{a="1"} 2`)).toEqual([]);
  });

  it('tells what is refused apart from what is wrong', () => {
    const histogram = `${load}eval instant at 1m m{a="1"}\n  {} {{schema:0 count:1}}`;
    expect(failuresOf(histogram)).toMatchObject([{ outcome: 'unsupported' }]);
  });
});
