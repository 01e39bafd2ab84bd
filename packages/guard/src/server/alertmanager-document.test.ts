import Fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alertmanager, createAlertmanager, loadAlertmanagerConfig } from '../alertmanager/index.ts';
import { createVirtualClock, silentLogger } from '../core/index.ts';
import { IN_MEMORY } from '../sqlite/index.ts';
import { registerAlertmanagerApi } from './alertmanager-api.ts';
import { alertmanagerDocument, createAnswerCheck, METHODS } from './alertmanager-document.testing.ts';
import { readAlertmanagerDocument } from './alertmanager-document.ts';

const CONFIG = `
route:
  receiver: page
  group_by: [service]
  routes: [{ receiver: muted, matchers: [severity="muted"], mute_time_intervals: [always] }]
inhibit_rules: [{ source_matchers: [severity="page"], target_matchers: [severity="ticket"], equal: [service] }]
time_intervals: [{ name: always, time_intervals: [{ years: ['2000:2999'] }] }]
receivers: [{ name: page, labels: { team: a } }, { name: muted }]
`;

const document = alertmanagerDocument();
const check = createAnswerCheck(document);
const served = new Set<string>();
let app: FastifyInstance;
let alertmanager: Alertmanager;

beforeAll(async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  alertmanager = createAlertmanager({
    config: loadAlertmanagerConfig('alertmanager.yml', CONFIG),
    clock,
    logger: silentLogger,
    registry: new Registry(),
    database: IN_MEMORY,
    externalUrl: 'http://localhost:9093',
  });
  alertmanager.start();
  app = Fastify();
  app.addHook('onRoute', ({ url }) => {
    if (url.startsWith('/api/v2/')) served.add(url.slice('/api/v2'.length));
  });
  registerAlertmanagerApi(app, { alertmanager, version: '0.0.0', clock });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await alertmanager.stop();
});

async function ask(method: string, path: string, body?: unknown) {
  const answer = await app.inject({
    method: method as 'GET',
    url: `/api/v2${path}`,
    ...(body !== undefined && {
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { method, path, status: answer.statusCode, text: answer.body };
}

it('tells of every path and method that is served, and of no other', async () => {
  const told = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.filter(method => method in methods).map(method => `${method} ${path}`),
  );
  const answering: string[] = [];
  for (const url of served)
    for (const method of METHODS) {
      const { status } = await ask(method.toUpperCase(), url.replace(/:\w+/g, 'x'));
      if (status !== 405)
        answering.push(`${method} ${url.replace(':id', '{silenceID}').replace(/:(\w+)/g, '{$1}')}`);
    }
  expect(answering.toSorted()).toEqual(told.toSorted());
});

it('is served as it is written', async () => {
  const answer = await app.inject('/api/v2/openapi.yaml');
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/yaml',
    readAlertmanagerDocument(),
  ]);
});

const alert = (labels: Record<string, string>) => ({
  labels,
  annotations: { summary: 'it is' },
  generatorURL: 'http://localhost:9090/graph',
});
const silence = {
  matchers: [{ name: 'service', value: 'quiet', isRegex: false }],
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2027-01-01T00:00:00Z',
  createdBy: 'me',
  comment: 'c',
};

describe('answers are as the document says', () => {
  it('when all is well', async () => {
    const made = await ask('POST', '/silences', silence);
    const { silenceID } = JSON.parse(made.text);
    const alerts = [
      alert({ alertname: 'A', service: 's', severity: 'page' }),
      alert({ alertname: 'B', service: 's', severity: 'ticket' }),
      alert({ alertname: 'C', service: 'quiet' }),
      alert({ alertname: 'D', severity: 'muted' }),
    ];
    const answers = [made, await ask('POST', '/alerts', alerts)];
    for (const path of [
      '/alerts',
      '/alerts/groups',
      '/receivers',
      '/silences',
      `/silence/${silenceID}`,
      '/status',
    ])
      answers.push(await ask('GET', path));
    const [{ fingerprint }] = JSON.parse((await ask('GET', '/alerts')).text);
    answers.push(await ask('GET', `/alert/${fingerprint}/history`));
    answers.push(await ask('DELETE', `/silence/${silenceID}`), await ask('GET', '/silences'));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.flatMap(check)).toEqual([]);
    expect(JSON.parse(answers[2]!.text)).toHaveLength(4);
    expect(JSON.parse(answers.at(-3)!.text).waits).toHaveLength(1);
  });

  it('when they are errors', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const answers = [
      await ask('POST', '/silences', {}),
      await ask('POST', '/silences', { ...silence, id }),
      await ask('POST', '/silences', { ...silence, endsAt: '2020-01-01T00:00:00Z' }),
      await ask('GET', `/silence/${id}`),
      await ask('GET', '/silence/x'),
      await ask('DELETE', `/silence/${id}`),
      await ask('POST', '/alerts', [{ labels: {} }]),
      await ask('POST', '/alerts', [{ labels: 5 }]),
      await ask('GET', '/alerts?filter=x'),
      await ask('GET', '/alert/x/history'),
      await ask('PUT', '/alerts'),
      await ask('GET', '/nothing'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      422, 404, 400, 404, 422, 404, 400, 400, 400, 422, 405, 404,
    ]);
    expect(answers.flatMap(check)).toEqual([]);
  });
});

describe('the check itself', () => {
  const answer = { method: 'GET', path: '/silences', status: 200 };
  it.each([
    ['a missing field', { ...answer, text: '[{}]' }, /required/],
    ['a wrong type', { ...answer, path: '/receivers', text: '[{"name":5}]' }, /must be string/],
    ['a time that is none', { ...answer, path: '/alerts', text: '[{"startsAt":"x"}]' }, /date-time/],
    [
      'a code that is not told of',
      { ...answer, path: '/status', status: 201, text: '{}' },
      /201 is not told of/,
    ],
    ['a path that is not told of', { ...answer, path: '/x', text: '{}' }, /not told of/],
  ])('sees %s', (_what, wrong, fault) => {
    expect(check(wrong).join()).toMatch(fault);
  });
});
