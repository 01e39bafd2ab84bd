import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDrill } from './drill-file.ts';
import { PAGE_DRILL, SILENT_DRILL } from './fake-stack.testing.ts';

const problemsOf = (source: string) => {
  try {
    loadDrill('drill.yaml', source);
    return [];
  } catch (error) {
    return (error as { problems: { code: string; message: string; position?: object }[] }).problems;
  }
};

describe('a drill file', () => {
  it('is read with durations in milliseconds', () => {
    const drill = loadDrill('drill.yaml', PAGE_DRILL);
    expect(drill.expect).toEqual({ page: 'BurnFast', within: 30_000, resolved_within: 60_000 });
    expect(drill.steady_state.duration).toBe(5000);
    expect(loadDrill('drill.yaml', SILENT_DRILL).expect).toEqual({ silent_for: 10_000, burn_at_least: 1 });
  });

  it.each(['article', 'silent-2x'])('%s of the demo is valid', name => {
    const file = new URL(`../../../../drills/${name}.yaml`, import.meta.url);
    expect(loadDrill(name, readFileSync(file, 'utf8')).name).toBe(name);
  });

  it.each<[string, string, string, string, RegExp, number]>([
    ['an unknown field', 'name: article', 'name: article\ncolour: red', 'unknown-field', /"colour"/, 3],
    ['an unknown field inside', 'path: /work', 'paht: /work', 'unknown-field', /"paht" in traffic/, 6],
    ['a missing field', 'description: it pages\n', '', 'missing-field', /"description"/, 2],
    ['a bad duration', 'within: 30s', 'within: 30', 'bad-value', /in expect.within/, 9],
    ['too long a fault', 'within: 30s', 'within: 3h', 'bad-value', /must be 1s to 1h50m/, 9],
    ['no fault at all', 'bad_ratio: 1', 'bad_ratio: 0', 'bad-value', /in fault.bad_ratio/, 8],
    ['too much load', 'second: 5', 'second: 5000', 'bad-value', /<=1000/, 6],
    ['a name with blanks', 'name: article', 'name: my drill', 'bad-value', /lower-case/, 2],
    ['an unknown fault', 'mode: error', 'mode: nonsense', 'bad-value', /"error"\|"latency"\|"mixed"/, 8],
    ['broken PromQL', 'requests_total,', 'requests_total),', 'bad-value', /in counters.requests/, 5],
    [
      'an expression as counter',
      'requests_total,',
      "'rate(requests_total[5m])',",
      'bad-value',
      /not a selector/,
      5,
    ],
    [
      'both kinds of expectation',
      'within: 30s',
      'within: 30s, silent_for: 10s',
      'unknown-field',
      /"silent_for"/,
      9,
    ],
    ['one service in a trace', '[shop, stock]', '[shop]', 'bad-value', /in traces/, 11],
  ])('is refused with the place of %s', (_what, wanted, planted, code, message, line) => {
    expect(PAGE_DRILL).toContain(wanted);
    const found = problemsOf(PAGE_DRILL.replace(wanted, planted)).find(problem =>
      message.test(problem.message),
    );
    expect(found).toMatchObject({ code, position: { file: 'drill.yaml', line } });
  });

  it('is refused with every problem at once', () => {
    const source = PAGE_DRILL.replace('within: 30s', 'within: soon').replace('bad_ratio: 1', 'bad_ratio: 2');
    expect(problemsOf(source)).toHaveLength(2);
  });

  it('is refused when it is empty, and when its expectation is no mapping', () => {
    expect(problemsOf('')).toMatchObject([{ code: 'no-document' }]);
    expect(problemsOf(PAGE_DRILL.replace(/expect: .*/, 'expect: silence'))).toMatchObject([
      { code: 'bad-value', position: { line: 9 } },
    ]);
  });
});
