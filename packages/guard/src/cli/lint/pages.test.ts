import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDuration, UserError } from '../../core/index.ts';
import { createMemoryStorage } from '../../promql/testing.ts';
import { liveOf } from '../../slo/checks/checks.testing.ts';
import { type Compat, LINT_CODE_NAMES, LINT_CODES, lintModel, loadSloFiles } from '../../slo/index.ts';
import { routingOf } from './routing.ts';

const FOLDER = join(import.meta.dirname, '../../../../../docs/lint');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** The block of a page that begins with this comment. */
const block = (page: string, title: string): string | undefined =>
  page
    .split(/^```\w*\n/m)
    .find(text => text.startsWith(`# ${title}\n`))
    ?.split('```')[0];

const flag = (page: string, name: string): string | undefined =>
  new RegExp(`^slo-guard lint .*--${name} (\\S+)`, 'm').exec(page)?.[1];

/** Series as the page writes them; `{0..100}` stands for as many lines. */
function seriesOf(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .flatMap(line => {
      const [range, from, to] = /\{(\d+)\.\.(\d+)\}/.exec(line) ?? [];
      if (range === undefined) return [line];
      return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => line.replace(range, String(i)));
    });
}

/** What the page's own command finds in the page's own files. */
async function found(page: string): Promise<readonly { code: string; level: string }[]> {
  const [text, series, alertmanager] = ['slos.yaml', 'series', 'alertmanager.yml'].map(title =>
    block(page, title),
  );
  try {
    const model = loadSloFiles([{ file: 'slos.yaml', text: text! }]);
    const duration = (name: string) => parseDuration(flag(page, name) ?? '');
    const { findings } = await lintModel(model, {
      texts: new Map([['slos.yaml', text!]]),
      compat: flag(page, 'compat') as Compat | undefined,
      scrapeInterval: duration('scrape-interval'),
      retention: duration('retention'),
      routing: flag(page, 'alertmanager-config')
        ? routingOf({ file: 'alertmanager.yml', text: alertmanager! })
        : undefined,
      live: flag(page, 'prometheus') ? liveOf(createMemoryStorage(), seriesOf(series!)) : undefined,
    });
    return findings;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ code }) => ({ code, level: 'error' }));
  }
}

describe('the page of each finding', () => {
  test('exists, and there is none for what is not found', () => {
    const pages = readdirSync(FOLDER).filter(file => file !== 'README.md');
    expect(pages.sort()).toEqual(LINT_CODE_NAMES.map(code => `${code}.md`).sort());
  });

  test.each(LINT_CODE_NAMES)(
    '%s: its example has it, and little else; it says why and what to do',
    async code => {
      const page = read(`${code}.md`);
      expect(page.startsWith(`# \`${code}\`\n`)).toBe(true);
      for (const part of [
        '## Why it matters',
        '## Example',
        `Level: ${LINT_CODES[code].level}.`,
        '## Remedy',
      ])
        expect(page).toContain(part);
      const findings = await found(page);
      expect(findings).toContainEqual(expect.objectContaining({ code, level: LINT_CODES[code].level }));
      const others = new Set(findings.map(finding => finding.code).filter(other => other !== code));
      // A ratio of one's own also weighs slices of time alike.
      others.delete('equal-weight-slices');
      expect([...others]).toEqual([]);
    },
  );

  test.each(LINT_CODE_NAMES)('%s stands in the table of all', code => {
    const { level, holds } = LINT_CODES[code];
    expect(read('README.md')).toContain(`| [\`${code}\`](${code}.md) | ${level} | ${holds} |`);
  });
});
