import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const run = (example: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join('examples', example), ...args], { cwd: root, encoding: 'utf8' });

it('the example of rules prints a rule file', () => {
  const { groups } = parse(run('generate-rules.ts'));
  expect(groups.map(({ name }: { name: string }) => name)).toContain('slo/cart/availability/page');
});

it('the example of targets names what each would write', () => {
  const printed = run('generate-targets.ts', 'slos/service-a.yaml', 'slos/service-b.yaml');
  for (const line of [
    /^prometheus: service-a\.rules\.yml, \d+ lines$/m,
    /^prometheus: service-b\.test\.yml, /m,
    /^operator: alertmanagerconfig\.yaml, /m,
    /^mimir: service-a\.yaml, /m,
    /^grafana: overview\.json, /m,
    /^docs: service_a-availability\.md, /m,
    /^alertmanager: alertmanager\.fragment\.yml, /m,
    /^alertmanager\.yml: pages go to pager$/m,
  ])
    expect(printed).toMatch(line);
});
