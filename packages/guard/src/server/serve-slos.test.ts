import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { ask, eventually, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

const sloth = (name: string, more = '') => `version: prometheus/v1
service: shop
slos:
  - name: ${name}
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(errors_total[{{.window}}]))
        total_query: sum(rate(requests_total[{{.window}}]))
    alerting: {name: Burn}
${more}`;

let folder: GuardFolder;
let slos: string;
let guard: Guard;
const save = (name: string, text: string) => writeFileSync(join(slos, name), text);
beforeEach(async () => {
  const { path, remove } = guardFolder();
  remove();
  folder = guardFolder({ slosDirectory: `${path}-slos` });
  slos = `${path}-slos`;
  mkdirSync(slos);
  save('orders.yaml', sloth('orders'));
  guard = await startIn(folder);
});
afterEach(async () => {
  await guard.stop();
  folder.remove();
  rmSync(slos, { recursive: true, force: true });
});

interface Group {
  readonly file: string;
  readonly rules: readonly { readonly name: string; readonly labels?: { readonly slo?: string } }[];
}

const rules = async () => {
  const { json } = await ask(guard.addresses.prometheus, '/api/v1/rules');
  return (json.data.groups as Group[]).flatMap(group => group.rules);
};
/** The SLOs whose rules run; those of the rule file go on whatever happens. */
async function running(): Promise<string> {
  const all = await rules();
  expect(all.map(({ name }) => name)).toContain('Always');
  return [...new Set(all.map(({ labels }) => labels?.slo ?? ''))]
    .filter(name => name !== '' && name !== 'availability')
    .sort()
    .join(' ');
}
const eventuallyRunning = (wanted: string) => eventually(async () => (await running()) === wanted);
const warnings = async () => (await ask(guard.addresses.console, '/api/meta')).json.warnings.join('\n');
const successful = async () =>
  /^slo_guard_slos_config_last_reload_successful (\d)$/m.exec(
    (await ask(guard.addresses.prometheus, '/metrics')).text,
  )?.[1];

describe('serve --slos', () => {
  it('runs the rules of the folder, and takes up what is saved, renamed into it and deleted', async () => {
    expect(await running()).toBe('orders');
    mkdirSync(join(slos, 'team'));
    await eventuallyRunning('orders');
    save('team/basket.yml', sloth('basket'));
    await eventuallyRunning('basket orders');
    // As editors save: a new file takes the place of the old.
    save('.orders.yaml.swp', sloth('purchases'));
    renameSync(join(slos, '.orders.yaml.swp'), join(slos, 'orders.yaml'));
    await eventuallyRunning('basket purchases');
    rmSync(join(slos, 'team'), { recursive: true });
    await eventuallyRunning('purchases');
    rmSync(join(slos, 'orders.yaml'));
    await eventuallyRunning('');
  });

  it('refuses a bad file whole, says so, and takes the next good one', async () => {
    save('orders.yaml', sloth('other', '    pages: 1\n'));
    await eventually(async () => (await successful()) === '0');
    expect(await running()).toBe('orders');
    expect(await warnings()).toMatch(/SLO files are refused.*orders\.yaml:11:5: .*\[unknown-field\]/);
    save('orders.yaml', sloth('mended'));
    await eventuallyRunning('mended');
    expect(await successful()).toBe('1');
    expect(await warnings()).not.toContain('SLO files');
  });

  it('ends with the last of many quick saves', async () => {
    for (let i = 0; i < 30; i++) {
      save('orders.yaml', i % 3 === 1 ? 'version: prometheus/v1\nservice: sh' : sloth(`orders-${i}`));
      await new Promise(resolve => setImmediate(resolve));
    }
    save('orders.yaml', sloth('orders-last'));
    await eventuallyRunning('orders-last');
    expect(await successful()).toBe('1');
  });

  it('keeps the rules of SLOs when the Prometheus file is read anew', async () => {
    folder.write('rules.yml', 'groups: [{ name: g, rules: [{ alert: Always, expr: "vector(1)" }] }]\n');
    await guard.reload();
    expect((await rules()).map(({ name }) => name)).not.toContain('Never');
    expect(await running()).toBe('orders');
  });

  it('does not start on files that are wrong, or without the folder', async () => {
    save('orders.yaml', sloth('x'));
    await expect(
      startIn({ ...folder, options: { ...folder.options, dataDirectory: `${slos}/data` } }),
    ).rejects.toThrow(UserError);
    const nowhere = { ...folder.options, slosDirectory: `${slos}/none` };
    await expect(startIn({ ...folder, options: nowhere })).rejects.toThrow(/unreadable-folder/);
  });
});
