import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHELLS } from '../choices.ts';

const BIN = fileURLToPath(new URL('../../../bin/slo-guard.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'completion-'));
const run = promisify(execFile);

/** What each shell offers for a line, asked as its own completion asks. */
const ASK: Readonly<Record<(typeof SHELLS)[number], (script: string, words: string[]) => string[]>> = {
  bash: (script, words) => [
    '-c',
    `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _slo-guard; echo "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ],
  zsh: (script, words) => [
    '-f',
    '-c',
    `compdef() { }; _describe() { print -r -- "\${(P@)2}" }; _arguments() { print -r -- "$@" }; source ${script}
     typeset -a words=("$@"); CURRENT=$#; _slo-guard`,
    'zsh',
    ...words,
  ],
  fish: (script, words) => ['-c', `source ${script}; complete -C '${words.join(' ')}'`],
};

beforeAll(async () => {
  for (const shell of SHELLS)
    writeFileSync(join(folder, shell), (await run(process.execPath, [BIN, 'completion', shell])).stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

const offered = async (shell: (typeof SHELLS)[number], ...words: string[]) =>
  (await run(shell, ASK[shell](join(folder, shell), words))).stdout;

it.each(SHELLS)('%s is offered commands, options and values', async shell => {
  expect(await offered(shell, 'slo-guard', '')).toMatch(/(?=[\s\S]*\bquery\b)[\s\S]*\bimport\b/);
  expect(await offered(shell, 'slo-guard', 'query', '--f')).toContain('--fail-empty');
  expect(await offered(shell, 'slo-guard', 'query', '--format', '')).toMatch(/csv|table json/);
  expect(await offered(shell, 'slo-guard', 'completion', '')).toMatch(/fish/);
});
