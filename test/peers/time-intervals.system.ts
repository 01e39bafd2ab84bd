import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadAlertmanagerConfig } from '../../packages/guard/src/alertmanager/index.ts';
import { UserError } from '../../packages/guard/src/core/index.ts';
import { runPeer } from './programs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-intervals-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROUTE = 'route: { receiver: r, routes: [{ mute_time_intervals: [n], active_time_intervals: [n] }] }';
const fields = (text: string) => `${ROUTE}\ntime_intervals: [{ name: n, time_intervals: [{ ${text} }] }]`;

const INTERVALS = [
  '',
  'times: []',
  "times: [{ start_time: '00:00', end_time: '24:00' }]",
  'times: [{ start_time: 09:00, end_time: 10:00 }]',
  "times: [{ start_time: '9:00', end_time: '10:00' }]",
  "times: [{ start_time: '10:00', end_time: '10:00' }]",
  "times: [{ start_time: '10:00', end_time: '24:01' }]",
  "times: [{ start_time: '10:00' }]",
  "times: [{ start_time: '10:00', end_time: '' }]",
  "times: [{ start_time: '10:00', end_time: '11:00', more: 1 }]",
  "weekdays: ['Monday:FRIDAY', sunday]",
  'weekdays: [mon]',
  'weekdays: [1]',
  "weekdays: ['friday:monday']",
  "weekdays: ['monday:']",
  "weekdays: ['monday:tuesday:friday']",
  "days_of_month: [1, '-5:-1', '5:-1', '+3']",
  'days_of_month: [0]',
  'days_of_month: [32]',
  'days_of_month: [-32]',
  "days_of_month: ['-1:3']",
  "days_of_month: ['20:-27']",
  "days_of_month: ['1:x']",
  "months: ['may:August', 9, '10:december', 13, '-1']",
  'months: [brumaire]',
  "months: ['5:march']",
  "years: [2020, '2021:2023', '-5']",
  "years: ['2027:2026']",
  "years: ['x']",
  'years: [2020.5]',
  'location: Europe/Berlin',
  'location: Local',
  "location: ''",
  'location: Mars/Olympus',
  "location: '+01:00'",
  'more: 1',
].map(fields);

const FILES = [
  ...INTERVALS,
  `${ROUTE}\nmute_time_intervals: [{ name: n }]`,
  `${ROUTE}\nmute_time_intervals: [{ name: n }]\ntime_intervals: [{ name: n }]`,
  `${ROUTE}\ntime_intervals: [{ name: n }, { name: n }]`,
  `${ROUTE}\ntime_intervals: [{ name: n }, { name: '' }]`,
  `${ROUTE}\ntime_intervals: [{ name: n, more: 1 }]`,
  ROUTE,
  'route: { receiver: r, mute_time_intervals: [n] }\ntime_intervals: [{ name: n }]',
  'route: { receiver: r, active_time_intervals: [n] }\ntime_intervals: [{ name: n }]',
];

function isTaken(text: string): boolean {
  try {
    loadAlertmanagerConfig('alertmanager.yml', text);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

it.each(FILES.map((text, i) => [text.split('\n').slice(1).join(' ') || text, text, i] as const))(
  'amtool and the embedded router judge alike of %s',
  async (_what, text, i) => {
    const file = `${i}.yml`;
    const whole = `${text}\nreceivers: [{ name: r }]\n`;
    writeFileSync(join(folder, file), whole);
    const { code, stdout, stderr } = await runPeer('amtool', ['check-config', file], folder);
    expect(isTaken(whole), stdout + stderr).toBe(code === 0);
  },
);
