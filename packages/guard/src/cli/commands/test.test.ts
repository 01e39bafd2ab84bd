import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-test-'));
beforeAll(() => {
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write('a.rules.yml', 'groups: [{ name: g, rules: [{ record: doubled, expr: m * 2 }] }]');
  write('extra.rules.yml', 'groups: [{ name: g, owner: me, rules: [] }]');
  const test = (name: string, value: number, rules = '[ab].rules.yml') => `rule_files: ['${rules}']
tests:
  - name: ${name}
    input_series: [{ series: m, values: '1 2' }]
    promql_expr_test:
      - { expr: doubled, eval_time: 1m, exp_samples: [{ labels: doubled, value: ${value} }] }
`;
  write('good.yml', test('good', 4));
  write('bad.yml', test('bad', 5));
  write('extra.yml', 'rule_files: [extra.rules.yml]\ntests: [{ name: extra }]\n');
  write('broken.yml', 'tests: {');
  write('lost.yml', 'rule_files: [nothing.yml]\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The exit code and all that was printed. */
async function run(...args: string[]): Promise<{ code: number; printed: string }> {
  let printed = '';
  const take = (text: unknown) => {
    printed += text;
    return true;
  };
  const spies = [process.stdout, process.stderr].map(stream =>
    vi.spyOn(stream, 'write').mockImplementation(take as never),
  );
  try {
    const code = await main(['test', ...args.map(arg => (arg.endsWith('.yml') ? join(folder, arg) : arg))]);
    return { code, printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('slo-guard test', () => {
  it('says that a file passed', async () => {
    const { code, printed } = await run('good.yml');
    expect(code).toBe(0);
    expect(printed).toContain('good.yml\n  SUCCESS\n');
  });

  it('answers 1 when one of several fails, and shows the difference', async () => {
    const { code, printed } = await run('--diff', 'good.yml', 'bad.yml');
    expect(code).toBe(1);
    expect(printed).toContain('  SUCCESS\n');
    expect(printed).toMatch(/bad\.yml:6:9: expr: "doubled", time: 1m,\n.*- doubled 5.*\n.*\+ doubled 4/);
  });

  it('answers 1 for a file that is none', async () => {
    expect(await run('broken.yml')).toMatchObject({
      code: 1,
      printed: expect.stringContaining('[bad-yaml]'),
    });
  });

  it('answers 2 for a file that is not there and for a broken pattern', async () => {
    expect((await run('none.yml')).code).toBe(2);
    expect((await run('--run', '(', 'good.yml')).code).toBe(2);
  });

  it('warns of a pattern that no file matches', async () => {
    const { code, printed } = await run('lost.yml');
    expect([code, printed]).toEqual([0, expect.stringContaining('WARNING: no file match pattern')]);
  });

  it('runs some groups, passes over keys, and shows what is in the store', async () => {
    expect((await run('--run', 'go+d', '--run', 'nothing', 'bad.yml')).code).toBe(0);
    expect((await run('extra.yml')).code).toBe(1);
    expect((await run('--ignore-unknown-fields', 'extra.yml')).code).toBe(0);
    const { printed } = await run('--debug', 'good.yml');
    expect(printed).toContain('doubled =>\n2 @[0]\n4 @[60000]\n');
  });

  it('writes JUnit XML', async () => {
    const junit = join(folder, 'junit.xml');
    await run('--junit', junit, 'good.yml', 'bad.yml');
    expect(readFileSync(junit, 'utf8').match(/<testcase name="(good|bad)"/g)).toHaveLength(2);
  });
});
