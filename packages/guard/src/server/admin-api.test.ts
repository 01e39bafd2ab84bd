import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, ask, eventually, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

let folder: GuardFolder;
let guard: Guard;

async function start(enableAdminApi: boolean): Promise<void> {
  folder = guardFolder({ enableAdminApi });
  guard = await startIn(folder);
}
beforeAll(() => start(true));
async function stop(): Promise<void> {
  await guard.stop();
  folder.remove();
}
afterAll(stop);

const admin = (action: string, params: Record<string, string> = {}, method = 'POST'): Promise<Answer> =>
  ask(guard.addresses.prometheus, `/api/v1/admin/tsdb/${action}`, {
    method,
    body: new URLSearchParams(params),
  });
const count = async (query: string): Promise<number> =>
  (await ask(guard.addresses.prometheus, `/api/v1/query?query=${encodeURIComponent(query)}`)).json.data.result
    .length;

it('deletes the samples of the series that are selected, and no others', async () => {
  await eventually(
    async () => (await count('ALERTS{alertname="Always"}')) > 0 && (await count('demo:one')) > 0,
  );
  const end = String(Date.now() / 1000 - 1);
  expect((await admin('delete_series', { 'match[]': 'ALERTS', end })).status).toBe(204);
  expect(await count(`count_over_time(ALERTS[1h] @ ${end})`)).toBe(0);
  expect(await count(`count_over_time(demo:one[1h] @ ${end})`)).toBeLessThanOrEqual(1);
  expect((await admin('clean_tombstones')).status).toBe(204);
});

it('writes a snapshot that is named in the answer', async () => {
  const { status, json } = await admin('snapshot', { skip_head: 'true' }, 'PUT');
  expect([status, json.data]).toEqual([200, { name: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{16}$/) }]);
  expect(existsSync(join(folder.options.dataDirectory, 'snapshots', json.data.name))).toBe(true);
});

it.each([
  ['delete_series', {}, 'no match[] parameter provided'],
  [
    'delete_series',
    { 'match[]': '{}' },
    'invalid parameter "match[]": match[] must contain at least one non-empty matcher',
  ],
  [
    'delete_series',
    { 'match[]': 'up{' },
    'invalid parameter "match[]": 1:4: parse error: unexpected end of input inside braces',
  ],
  [
    'delete_series',
    { 'match[]': 'up', start: 'x' },
    `invalid parameter "start": invalid time value for 'start': cannot parse "x" to a valid timestamp`,
  ],
  [
    'snapshot',
    { skip_head: 'x' },
    'invalid parameter "skip_head": unable to parse boolean: strconv.ParseBool: parsing "x": invalid syntax',
  ],
])('refuses %s with %j', async (action, params, error) => {
  const { status, json } = await admin(action, params as Record<string, string>);
  expect([status, json]).toEqual([400, { status: 'error', errorType: 'bad_data', error }]);
});

it('refuses pages of other sites', async () => {
  const response = await ask(guard.addresses.prometheus, '/api/v1/admin/tsdb/clean_tombstones', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(response.status).toBe(403);
});

it('does nothing unless it is enabled', async () => {
  await stop();
  await start(false);
  const { status, json } = await admin('delete_series', { 'match[]': 'up' });
  expect([status, json]).toEqual([
    500,
    { status: 'error', errorType: 'unavailable', error: 'admin APIs disabled' },
  ]);
});
