import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UserError } from '../../packages/guard/src/core/index.ts';
import { loadPrometheusConfig } from '../../packages/guard/src/scrape/index.ts';
import { runPeer } from './programs.ts';
import { FILES, JOB_FIELDS, MEANT, RULES } from './scrape/config-snippets.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const job = (fields: string) => `scrape_configs: [{ job_name: a${fields && `, ${fields}`} }]`;

/** What keeps an engine from taking a configuration; undefined when nothing does. */
function ourObjection(text: string): string | undefined {
  try {
    loadPrometheusConfig(join(folder, 'prometheus.yml'), text);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function theirObjection(text: string): Promise<string | undefined> {
  writeFileSync(join(folder, 'prometheus.yml'), text);
  const { code, stdout, stderr } = await runPeer(
    'promtool',
    ['check', 'config', '--syntax-only', 'prometheus.yml'],
    folder,
  );
  return code === 0 ? undefined : `${stdout}${stderr}`;
}

it.each([
  ...JOB_FIELDS.map(job),
  ...RULES.map(rule => job(`relabel_configs: [${rule || 'null'}]`)),
  ...RULES.map(rule => job(`metric_relabel_configs: [${rule || 'null'}]`)),
  ...FILES,
])('takes or refuses as promtool does: %s', async text => {
  const [ours, theirs] = [ourObjection(text), await theirObjection(text)];
  expect(ours === undefined, `ours: ${ours}\ntheirs: ${theirs}`).toBe(theirs === undefined);
});

it.each(MEANT)('differs on purpose: %s, which only %s takes', async (text, accepted) => {
  expect(ourObjection(text) === undefined).toBe(accepted === 'ours');
  expect((await theirObjection(text)) === undefined).toBe(accepted === 'theirs');
});
