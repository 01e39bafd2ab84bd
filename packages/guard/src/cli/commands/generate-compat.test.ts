import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/slo-guard.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'slo-guard-compat-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'));
  mkdirSync(join(folder, 'slos/team'), { recursive: true });
});

const run = (...args: string[]) =>
  spawnSync(process.execPath, [BIN, 'generate', ...args], { cwd: folder, encoding: 'utf8' });
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

const sloth = (service: string, query = 'sum(rate(errors_total[{{.window}}]))') => `version: prometheus/v1
service: ${service}
slos:
  - name: orders
    objective: 99.9
    sli:
      events: {error_query: '${query}', total_query: 'sum(rate(requests_total[{{.window}}]))'}
    alerting: {name: Burn}
`;
const pyrra = (more = '') => `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: orders}
spec:
  target: "99"
  window: 4w
  ${more}
  indicator:
    ratio: {errors: {metric: errors_total}, total: {metric: requests_total}}
`;

describe('slo-guard generate --compat', () => {
  it('prints the rules of one file', () => {
    write('shop.yaml', sloth('shop'));
    const { status, stdout, stderr } = run(
      '--compat',
      'sloth',
      '-i',
      'shop.yaml',
      '--extra-labels',
      'team=a',
    );
    expect(status).toBe(0);
    expect(stderr).toContain('[equal-weight-slices]');
    expect(stdout).toContain('- name: sloth-slo-alerts-shop-orders');
    expect(stdout).toContain('team: a');
  });

  it('keeps the names of the files of a folder, and checks them', () => {
    write('slos/shop.yaml', sloth('shop'));
    write('slos/team/bank.yml', sloth('bank'));
    const args = ['--compat', 'sloth', '-i', 'slos', '-o', 'rules'];
    expect(run(...args).status).toBe(0);
    expect(readdirSync(join(folder, 'rules'), { recursive: true }).sort()).toEqual([
      'shop.yaml',
      'team',
      'team/bank.yml',
    ]);
    expect(run(...args, '--check').status).toBe(0);
    const changed = run(...args, '--check', '--default-slo-period', '28d');
    expect(changed.status).toBe(1);
    expect(changed.stderr).toContain('slo-guard generate --compat sloth');
  });

  it('writes nothing when any file is wrong, and tells all that is', () => {
    write('slos/shop.yaml', sloth('shop', 'sum(rate(errors_total[5m]))'));
    write('slos/team/bank.yml', sloth('-bank'));
    write('slos/team/fine.yml', sloth('fine'));
    const { status, stderr } = run('--compat', 'sloth', '-i', 'slos', '-o', 'rules');
    expect(status).toBe(2);
    expect(stderr).toMatch(/slos\/shop\.yaml:7:29: .*\[missing-window\]/);
    expect(stderr).toMatch(/slos\/team\/bank\.yml:2:10: .*\[bad-name\]/);
    expect(readdirSync(folder)).toEqual(['slos']);
  });

  it('writes two files for an objective with performanceOverAccuracy', () => {
    write('slos/orders.yaml', pyrra('performanceOverAccuracy: true'));
    expect(run('--compat', 'pyrra', '-i', 'slos/orders.yaml', '-o', 'rules', '--generic-rules').status).toBe(
      0,
    );
    expect(readdirSync(join(folder, 'rules')).sort()).toEqual(['orders-long.yaml', 'orders-short.yaml']);
    expect(readFileSync(join(folder, 'rules/orders-short.yaml'), 'utf8')).toContain(
      'record: pyrra_objective',
    );
  });

  it.each([
    [['--compat', 'sloth', '--generic-rules'], 'is a flag of --compat pyrra'],
    [['--disable-alerts'], 'add --compat sloth'],
    [['--compat', 'sloth', '-i', 'slos', '-o', 'slos'], 'would overwrite'],
    [['--compat', 'sloth', '-i', 'slos', '--default-slo-period', '1d'], '[unknown-period]'],
    [['--compat', 'sloth', '-i', 'slos', '--extra-labels', 'team'], 'is not name=value'],
    [['--compat', 'sloth', '-i', 'slos', '--disable-alerts', '--disable-recordings'], '[no-rules]'],
    [['--compat', 'pyrra', '-i', 'slos', '--enable-prometheus-3-migration=no'], 'is true or false'],
  ])('refuses %j', (args, message) => {
    write('slos/shop.yaml', sloth('shop'));
    const { status, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it('tells its flags', () => {
    const help = execFileSync(process.execPath, [BIN, 'generate', '--help'], { encoding: 'utf8' });
    for (const flag of ['--default-slo-period', '--operator-rule', '--enable-prometheus-3-migration']) {
      expect(help).toContain(flag);
    }
  });
});
