import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

async function run(example: string, ...args: string[]): Promise<{ code: number; out: string }> {
  const command = [join(ROOT, 'examples', example), ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    expect(stderr).toBe('');
    return { code, out: stdout };
  }
}

test('examples/read-slos.ts prints what SLO files promise', async () => {
  expect(await run('read-slos.ts', 'slos/service-a.yaml')).toEqual({
    code: 0,
    out: [
      'service_a/availability: 432 minutes may fail; page above 14.4, ticket above 6',
      'service_a/latency: 432 minutes may fail; page above 14.4, ticket above 6',
      '',
    ].join('\n'),
  });
});

test('examples/read-slos.ts prints every problem', async () => {
  const bad = 'packages/guard/src/slo/corpus/bad/target-percent-101.yaml';
  const { code, out } = await run('read-slos.ts', bad);
  expect(code).toBe(1);
  expect(out).toBe(
    `${bad}:27:22 bad-value: must be above 0 and below 100 in spec.objectives.0.targetPercent\n`,
  );
});

test('examples/generate-rules.ts prints rules for both SLOs', async () => {
  const { code, out } = await run('generate-rules.ts');
  expect(code).toBe(0);
  const alerts = [...out.matchAll(/- alert: (\S+)/g)].map(([, name]) => name);
  expect(alerts).toEqual(
    expect.arrayContaining(['SLOCartAvailabilityBudgetBurnFast', 'SLOSearchAvailabilityBudgetBurnSlow']),
  );
});
