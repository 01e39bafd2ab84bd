import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, which any Node can read
import { lackingFlags } from '../../bin/memory-settings.js';

describe('what V8 and glibc are told about memory', () => {
  it('holds for the guard alone', () => {
    expect(lackingFlags('serve', [])).toContain('--max-semi-space-size=4');
    expect(lackingFlags('lint', [])).toEqual([]);
    expect(lackingFlags(undefined, [])).toEqual([]);
  });

  it.each(['--max-semi-space-size=16', '--max_semi_space_size=16'])('leaves the user %s', given => {
    expect(lackingFlags('serve', ['--inspect', given])).toEqual([]);
  });

  it('is what the guard then runs with, in the same process, with its own flags and arguments', () => {
    const script = `
      import { restartWithMemorySettings } from ${JSON.stringify(new URL('../../bin/memory-settings.js', import.meta.url).href)};
      console.log(process.pid, process.execArgv.includes('--heap-growing-percent=20'));
      restartWithMemorySettings();
      console.log(process.argv.slice(2).join(' '), process.execArgv.includes('--no-deprecation'));
      console.log(process.env.MALLOC_ARENA_MAX, process.env.MALLOC_MMAP_THRESHOLD_, process.env.MALLOC_MMAP_MAX_);`;
    const module = `data:text/javascript,${encodeURIComponent(script)}`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-deprecation', '--import', module, 'unused.js', 'serve', '--data-dir=a b'],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', MALLOC_ARENA_MAX: '3' } },
    );
    const [before, after, served, environment] = stdout.split('\n');
    const pid = before!.split(' ')[0];
    expect([before, after, served]).toEqual([`${pid} false`, `${pid} true`, 'serve --data-dir=a b true']);
    expect(environment).toBe('3 8192 16384');
    expect(stderr).not.toContain('ExperimentalWarning');
  });
});
