import { describe, expect, it } from 'vitest';
import { renderJunit } from './render-junit.ts';
import { renderReport } from './render-table.ts';
import type { DrillReport } from './report-model.ts';

const PASSED: DrillReport = {
  drill: 'article',
  passed: true,
  startedAt: Date.UTC(2026, 0, 1),
  durationSeconds: 42,
  phases: [
    {
      since: 'the first failing response',
      stages: [
        { stage: 'alert firing', measured: 9.8, predicted: { earliest: 5, latest: 16 } },
        { stage: 'page delivered', measured: 30, predicted: { earliest: 15, latest: 26 } },
      ],
    },
  ],
  figures: [{ name: 'failure to page', measured: 30, bound: 30, why: 'the file' }],
  failures: [],
  diagnosis: undefined,
  notes: ['a trace joins <a> & "b"'],
};

const FAILED: DrillReport = {
  ...PASSED,
  passed: false,
  phases: [
    {
      since: 'the first failing response',
      stages: [
        {
          stage: 'page delivered',
          measured: undefined,
          predicted: { earliest: Number.POSITIVE_INFINITY, latest: Number.POSITIVE_INFINITY },
        },
      ],
    },
  ],
  figures: [],
  failures: ['"page delivered" did not come', 'and <more>'],
  diagnosis: {
    stage: 'page delivered',
    hop: 'Alertmanager → receiver',
    cause: 'silenced',
    remedy: 'expire the silence',
    evidence: ["silenced by 'me' \u0000\u001b[31m\ud800 😀"],
  },
};

describe('the table', () => {
  it('sets each measured time beside its prediction', () => {
    const text = renderReport(PASSED, false);
    expect(text).toMatch(/alert firing .* 9\.8 s .* 5\.0 to 16\.0 s .* as predicted/);
    expect(text).toMatch(/page delivered .* 30\.0 s .* 4\.0 s later/);
    expect(text).toMatch(/failure to page .* at most 30\.0 s .* kept/);
    expect(text).toMatch(/PASSED drill article after 42\.0 s$/);
  });

  it('names what did not come, and the evidence', () => {
    const text = renderReport(FAILED, false);
    expect(text).toMatch(/page delivered .* did not come .* never/);
    expect(text).toContain('silenced by');
    expect(text).toContain('remedy: expire the silence');
    expect(text).toMatch(/FAILED drill article/);
  });

  it('is free of colour codes in a pipe and has them on a terminal', () => {
    expect(renderReport(PASSED, false)).not.toContain('\u001b');
    expect(renderReport(PASSED, true)).toContain('\u001b[32m');
  });

  it('fits a terminal of 100 columns', () => {
    const widths = renderReport(PASSED, false)
      .split('\n')
      .map(line => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(100);
  });
});

describe('JUnit XML', () => {
  it('counts cases and escapes what the stack said', () => {
    const xml = renderJunit([PASSED, FAILED]);
    expect(xml).toContain('<testsuites tests="5" failures="1">');
    expect(xml).toContain('<testsuite name="article" tests="3" failures="0" skipped="0" time="42.000"');
    expect(xml).toContain('timestamp="2026-01-01T00:00:00.000Z"');
    expect(xml).toContain('<skipped message="did not come"/>');
    expect(xml).toContain('<failure message="&#34;page delivered&#34; did not come">');
    expect(xml).toContain('a trace joins &#60;a&#62; &#38; &#34;b&#34;');
    expect(xml).toContain('silenced by &#39;me&#39; \ufffd\ufffd[31m\ufffd 😀');
  });

  it('is well-formed: every element that is opened is closed in its place', () => {
    const xml = renderJunit([PASSED, FAILED]);
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of xml.matchAll(
      /<(\/?)([a-z-]+)(?: [a-z]+="[^"<]*")*(\/?)>/g,
    )) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!selfClosing) open.push(name!);
    }
    expect(open).toEqual([]);
    const withoutTags = xml
      .replace(/<\/?[a-z-]+(?: [a-z]+="[^"<]*")*\/?>/g, '')
      .replace(/<\?xml[^>]*\?>/, '');
    expect(withoutTags).not.toMatch(/[<>]|&(?!#\d+;)/);
  });

  it('is valid without any report', () => {
    expect(renderJunit([])).toContain('<testsuites tests="0" failures="0">');
  });
});
