import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';

it('goes on where an earlier run left off, and keeps the newest lines within its bound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-log-'));
  const path = join(folder, 'part.log');
  for (const run of [0, 1]) {
    const log = openLogFile(path, 30);
    for (let i = 0; i < 4; i++) log.write(`line ${run * 4 + i} ..`);
    log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('line 6 ..\nline 7 ..\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('line 3 ..\nline 4 ..\nline 5 ..\n');
  expect(readdirSync(folder)).toHaveLength(2);
  rmSync(folder, { recursive: true });
});
