import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, getJson } from '../story/support.ts';
import { type ApiAnswer, type ApiCase, ask, comparable, type MeantDifference } from './api/case.ts';
import { exposition, PROMETHEUS_YML, RULES_YML } from './api/data.ts';
import { LISTING_CASES } from './api/listing-cases.ts';
import { QUERY_CASES } from './api/query-cases.ts';
import { SERVER_CASES } from './api/server-cases.ts';
import { type EngineName, type EngineProcess, startEngine } from './support/engine-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-http-api-'));
const target = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
  response.end(exposition());
});
let ours: EngineProcess;
let theirs: EngineProcess;

beforeAll(async () => {
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  const start = (name: EngineName) =>
    startEngine(name, {
      folder: join(folder, name),
      config: PROMETHEUS_YML(address),
      files: { 'rules.yml': RULES_YML },
      flags: ['--web.external-url=http://guard.example:9090/'],
    });
  [ours, theirs] = await Promise.all([start('slo-guard'), start('prometheus')]);
  for (const { name, address } of [ours, theirs])
    await eventually(`samples and a firing alert in ${name}`, 60, async () => {
      const query = encodeURIComponent('ALERTS{alertstate="firing"} and on() queue_length offset 15m');
      const { data } = await getJson<{ data: { result: unknown[] } }>(
        `http://${address}/api/v1/query?query=${query}`,
      );
      return data.result.length > 0 || undefined;
    });
});

afterAll(async () => {
  await Promise.all([ours?.stop(), theirs?.stop()]);
  target.close();
  rmSync(folder, { recursive: true, force: true });
});

async function compare({ request, view, ours: meant }: ApiCase): Promise<void> {
  const [our, their] = await Promise.all([ask(ours.address, request), ask(theirs.address, request)]);
  if (!meant) {
    expect(comparable(our, view)).toEqual(comparable(their, view));
    return;
  }
  expect(comparable(our, view), 'the difference is gone: take it out of the table').not.toEqual(
    comparable(their, view),
  );
  expectMeant(our, meant);
}

function expectMeant(answer: ApiAnswer, { status, text }: MeantDifference): void {
  const said = answer.type?.startsWith('application/json') ? JSON.parse(answer.text) : {};
  expect(answer.status).toBe(status);
  expect(said.error ?? answer.text).toMatch(text);
}

describe.each([
  ['queries', QUERY_CASES],
  ['series, labels and values', LISTING_CASES],
  ['rules, targets, status and paths', SERVER_CASES],
] as const)('answers as the real Prometheus does: %s', (_subject, cases) => {
  it.each(cases.map(one => [one.name, one] as const))('%s', (_name, one) => compare(one));
});
