import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, which any Node can read
import { lackingFlags } from '../../bin/heap-flags.js';

describe('what V8 is told about memory', () => {
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
      import { restartWithHeapFlags } from ${JSON.stringify(new URL('../../bin/heap-flags.js', import.meta.url).href)};
      console.log(process.pid, process.execArgv.includes('--heap-growing-percent=30'));
      restartWithHeapFlags();
      console.log(process.argv.slice(2).join(' '), process.execArgv.includes('--no-deprecation'));`;
    const module = `data:text/javascript,${encodeURIComponent(script)}`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-deprecation', '--import', module, 'unused.js', 'serve', '--data-dir=a b'],
      { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const [before, after, served] = stdout.split('\n');
    const pid = before!.split(' ')[0];
    expect([before, after, served]).toEqual([`${pid} false`, `${pid} true`, 'serve --data-dir=a b true']);
    expect(stderr).not.toContain('ExperimentalWarning');
  });
});
