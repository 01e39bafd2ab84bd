import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRouterClient, type RouterClient, type RouterRequest } from './support/router-client.ts';
import { ROUTER_NAMES, type RouterProcess, startRouter } from './support/router-process.ts';

const CONFIG = `
route:
  receiver: page
  group_by: [service]
  group_wait: 1h
  routes:
    - { receiver: ticket, matchers: [severity="ticket"] }
    - { receiver: ticket, matchers: [severity="muted"], group_wait: 1ms, mute_time_intervals: [always] }
inhibit_rules: [{ source_matchers: [severity="page"], target_matchers: [severity="ticket"], equal: [service] }]
time_intervals: [{ name: always, time_intervals: [{ years: ['2000:2999'], location: Asia/Kolkata }] }]
receivers: [{ name: page, labels: { team: a } }, { name: ticket }]
`;

let folder: string;
let routers: RouterProcess[];
let clients: RouterClient[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-routers-'));
  routers = await Promise.all(ROUTER_NAMES.map(name => startRouter(name, join(folder, name), CONFIG)));
  clients = routers.map(router => {
    const home = join(folder, `${router.name}-amtool`);
    mkdirSync(home);
    return createRouterClient(router, home);
  });
});
afterAll(async () => {
  await Promise.all(routers.map(router => router.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** Asks both and gives what both answered. */
async function alike(request: RouterRequest) {
  const [theirs, ours] = await Promise.all(clients.map(client => client.ask(request)));
  expect(ours, JSON.stringify(request)).toEqual(theirs);
  return theirs!;
}

async function amtoolAlike(...args: string[]) {
  const [theirs, ours] = await Promise.all(clients.map(client => client.amtool(...args)));
  expect(ours, args.join(' ')).toEqual(theirs);
  return theirs!;
}

const get = (path: string): RouterRequest => ({ method: 'GET', path: `/api/v2${path}` });
const post = (path: string, body: unknown, type?: string): RouterRequest => ({
  method: 'POST',
  path: `/api/v2${path}`,
  body,
  ...(type && { type }),
});

const matcher = (name: string, value: string, isRegex = false, isEqual?: boolean) => ({
  name,
  value,
  isRegex,
  ...(isEqual !== undefined && { isEqual }),
});
const ZERO = '0001-01-01T00:00:00Z';
/** Each character is a byte. */
const bytes = (text: string) => Buffer.from(text, 'latin1');

let made = 0;
/** Each ends at another time: which of those with one end comes first is not said. */
const silence = (over: Record<string, unknown> = {}) => ({
  matchers: [matcher('a', 'b')],
  startsAt: '2020-01-01T00:00:00Z',
  endsAt: new Date(Date.UTC(2099, 0, 1) + made++ * 1500).toISOString(),
  createdBy: 'me',
  comment: 'c',
  ...over,
});
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, `${i}`]));
const without = (field: string) =>
  Object.fromEntries(Object.entries(silence()).filter(([name]) => name !== field));

describe('silences are posted alike', () => {
  it.each<readonly [what: string, body: unknown]>([
    ['half a body', '{'],
    ['no body', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['nothing in it', {}],
    ...['matchers', 'startsAt', 'endsAt', 'createdBy', 'comment'].map(
      field => [`no ${field}`, without(field)] as const,
    ),
    ['null for a time', silence({ startsAt: null })],
    ['no matcher', silence({ matchers: [] })],
    ['matchers that are no list', silence({ matchers: 5 })],
    ['a matcher without isRegex', silence({ matchers: [{ name: 'a', value: 'b' }] })],
    ['a matcher without a name', silence({ matchers: [{ value: 'b', isRegex: false }] })],
    ['a matcher without a value', silence({ matchers: [{ name: 'b', isRegex: false }] })],
    ['a matcher with nothing', silence({ matchers: [{}] })],
    ['numbers for texts', silence({ matchers: [{ name: 5, value: 'b', isRegex: 'x' }] })],
    ['an author that is a number', silence({ createdBy: 5 })],
    ['an empty label name', silence({ matchers: [matcher('', 'x')] })],
    ['an empty value', silence({ matchers: [matcher('a', '')] })],
    ['a pattern for everything', silence({ matchers: [matcher('a', '.*', true)] })],
    ['a bad pattern', silence({ matchers: [matcher('a', '(', true)] })],
    ['an end before the start', silence({ endsAt: '2019-01-01T00:00:00Z' })],
    ['an end in the past', silence({ endsAt: '2021-01-01T00:00:00Z' })],
    ['an end at its start', silence({ endsAt: '2020-01-01T00:00:00Z' })],
    ['a time that is none', silence({ startsAt: 'x' })],
    ['a day that is none', silence({ startsAt: '2020-02-30' })],
    ['a zone without a colon after seconds', silence({ startsAt: '2020-11-27T12:00:00+0130' })],
    ['a time that is a number', silence({ startsAt: 5 })],
    ['an id that is none', silence({ id: 'nope' })],
    ['an unknown id', silence({ id: '00000000-0000-4000-8000-000000000000' })],
  ])('refused: %s', async (_what, body) => {
    expect((await alike(post('/silences', body))).status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['a plain one', silence()],
    ['an unequal matcher', silence({ matchers: [matcher('a', 'x', false, false)] })],
    ['a pattern', silence({ matchers: [matcher('a', 'x|y', true), matcher('b', 'z', true, false)] })],
    ['UTF-8 names', silence({ matchers: [matcher('größe.x y', 'ü"✓')] })],
    ['no words', silence({ createdBy: '', comment: '' })],
    ['annotations and unknown fields', silence({ annotations: { k: 'v' }, zzz: 1 })],
    ['a day for a time, one that is pending', silence({ startsAt: '2098-11-28' })],
    ['a time without a zone', silence({ startsAt: '2098-11-27T12:00:00' })],
    ['a zone without a colon', silence({ startsAt: '2098-11-27T12:00:00.000+0130' })],
    ['minutes', silence({ startsAt: '2098-11-27T12:01Z', endsAt: '2098-12-01 00:00:00' })],
    ['the zero time', silence({ startsAt: '0001-01-01T00:00:00Z' })],
    ['no time', silence({ startsAt: '' })],
    ['nanoseconds', silence({ endsAt: '2098-01-01T00:00:00.123456789+01:00' })],
  ])('taken: %s', async (_what, body) => {
    const { status, body: answer } = await alike(post('/silences', body));
    expect([status, answer]).toEqual([200, { silenceID: expect.stringMatching(/^\$\d+$/) }]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8'])(
    'the content type %s',
    async type => void (await alike(post('/silences', '{}', type))),
  );
});

describe('silences are read, changed and ended alike', () => {
  it.each(Array.from({ length: 13 }, (_, i) => `/silence/$${i + 1}`))('%s', async path => {
    expect((await alike(get(path))).status).toBe(200);
  });

  it.each(['nope', '00000000-0000-4000-8000-000000000000', ''])('the id "%s"', async id => {
    await alike(get(`/silence/${id}`));
    await alike({ method: 'DELETE', path: `/api/v2/silence/${id}` });
  });

  it('in place where only the end or the words change, as a new one where matchers do', async () => {
    const change = async (over: Record<string, unknown>) =>
      (await alike(post('/silences', silence({ id: '$1', ...over })))).body as { silenceID: string };
    const made = await change({ matchers: [matcher('a', 'changed')] });
    expect(made.silenceID).toBe('$14');
    expect(await alike(get('/silence/$1'))).toMatchObject({ body: { status: { state: 'expired' } } });
    // A pending one may move, unless into the past.
    const pending = silence({ id: '$7', startsAt: '2098-10-01T00:00:00Z', comment: 'moved' });
    expect((await alike(post('/silences', pending))).body).toEqual({ silenceID: '$7' });
    expect((await alike(post('/silences', silence({ id: '$7' })))).body).toEqual({ silenceID: '$15' });
    // One that has expired makes way for a new one.
    expect((await alike(post('/silences', silence({ id: '$1' })))).body).toEqual({ silenceID: '$16' });
    expect((await alike({ method: 'DELETE', path: '/api/v2/silence/$2' })).status).toBe(200);
    expect((await alike({ method: 'DELETE', path: '/api/v2/silence/$2' })).status).toBe(200);
    await alike(get('/silence/$2'));
  });

  it.each([
    '?active=false',
    '?expired=false&pending=no',
    '?active=maybe&expired=no',
    '?active=1&pending=t&expired=yes',
    '?filter=a%3Db',
    '?filter=a%3D%22b%22&filter=a%3D~b',
    '?filter=a%21%3Dx',
    '?filter=%22gr%C3%B6%C3%9Fe.x+y%22%3D%22%C3%BC%5C%22%E2%9C%93%22',
    '?filter=a%3Db,c%3Dd',
    '?filter=x',
    '?filter=',
    '?filter=%7Ba%3Db%7D',
    '?filter=a%3D%22b',
  ])('listed by %s', async query => {
    await alike(get(`/silences${query}`));
  });

  it.each([
    ['PUT', '/silences'],
    ['DELETE', '/silences'],
    ['POST', '/silence/00000000-0000-4000-8000-000000000000'],
    ['PUT', '/alerts'],
    ['GET', '/nope'],
    ['GET', '/'],
  ])('%s %s', async (method, path) => {
    expect((await alike({ method, path: `/api/v2${path}` })).status).toBeGreaterThanOrEqual(404);
  });
});

describe('alerts are posted alike', () => {
  it.each([
    ['half a body', '{'],
    ['no body', ''],
    ['null', 'null'],
    ['an object', {}],
    ['none', []],
    ['no labels', [{}]],
    ['null labels', [{ labels: null }]],
    ['empty labels', [{ labels: {} }]],
    ['empty values', [{ labels: { a: '' } }]],
    ['an empty name', [{ labels: { '': 'b' } }]],
    ['an empty annotation name', [{ labels: { a: 'b' }, annotations: { '': 'b' } }]],
    ['a number', [{ labels: { a: 5 } }]],
    ['a time that is none', [{ labels: { a: 'b' }, startsAt: 'x' }]],
    ['an end before the start', [{ labels: { a: 'b' }, startsAt: '2099-01-01', endsAt: '2098-01-01' }]],
    ['an address that is none', [{ labels: { a: 'b' }, generatorURL: '::' }]],
    [
      'a good one between bad ones',
      [{ labels: { a: '' } }, { labels: { alertname: 'Good' } }, { labels: {} }],
    ],
    [
      'a page',
      [{ labels: { alertname: 'Page', service: 's', severity: 'page' }, generatorURL: 'http://x/' }],
    ],
    ['a ticket', [{ labels: { alertname: 'Ticket', service: 's', severity: 'ticket' } }]],
    ['a muted one', [{ labels: { alertname: 'Muted', service: 'm', severity: 'muted' } }]],
    ['a silenced one', [{ labels: { alertname: 'Quiet', a: 'x' }, annotations: { note: '' } }]],
    ['UTF-8 names', [{ labels: { alertname: 'U', 'größe.x y': 'ü"✓' }, endsAt: '2099-01-01' }]],
    ['no time', [{ labels: { alertname: 'Old' }, startsAt: '' }]],
    ['an end in the year 9999', [{ labels: { alertname: 'Far' }, endsAt: '9999-12-31T23:59:59.999Z' }]],
    ['a start there too', [{ labels: { alertname: 'Later' }, startsAt: '9998-01-01', endsAt: '9999-01-01' }]],
    ['a start in 1970', [{ labels: { alertname: 'Epoch' }, startsAt: '1970-01-01', endsAt: '2099-01-01' }]],
    ['a start in 1800', [{ labels: { alertname: 'Ancient' }, startsAt: '1800-01-01', endsAt: '2099-01-01' }]],
    ['an end long past', [{ labels: { alertname: 'Past' }, endsAt: '1980-01-01' }]],
    ['a year of five digits', [{ labels: { alertname: 'TooFar' }, endsAt: '10000-01-01T00:00:00Z' }]],
    ['a start in the year 0', [{ labels: { alertname: 'Zeroth' }, startsAt: '0000-01-01T00:00:00Z' }]],
    ['a start before it', [{ labels: { alertname: 'Negative' }, startsAt: '-0001-01-01T00:00:00Z' }]],
    ['the zero time', [{ labels: { alertname: 'Zero' }, startsAt: ZERO, endsAt: ZERO }]],
    ['bytes that are no UTF-8', bytes('[{"labels":{"alertname":"Bytes","x":"a\xff\xfeb"}}]')],
    ['a name that is no UTF-8', bytes('[{"labels":{"alertname":"Bytes in name","x\xff":"b"}}]')],
    ['half a character', '[{"labels":{"alertname":"Half","x":"a\\ud800b"}}]'],
    ['half a character in a name', '[{"labels":{"alertname":"Half in name","x\\udc00":"b"}}]'],
    ['a label twice', '[{"labels":{"alertname":"Twice","x":"1","x":"2"}}]'],
    ['a label named __proto__', '[{"labels":{"alertname":"Proto","__proto__":"x"}}]'],
    ['a NUL', [{ labels: { alertname: 'NUL', x: 'a\0b' } }]],
    ['a byte order mark', '\ufeff[]'],
    ['labels nested deeply', `[{"labels":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`],
    ['a thousand labels', [{ labels: { alertname: 'Wide', ...many(1000) } }]],
    ['a long value', [{ labels: { alertname: 'Long', x: 'y'.repeat(100_000) } }]],
  ])('%s', async (_what, body) => void (await alike(post('/alerts', body))));
});

describe('alerts, groups and receivers are shown alike', () => {
  const QUERIES = [
    '',
    '?active=false',
    '?silenced=false',
    '?inhibited=false',
    '?muted=false',
    '?active=x&silenced=no',
    '?receiver=ticket',
    '?receiver=tick',
    '?receiver=pa.*',
    '?receiver=(',
    '?receiver_matchers=team%3Da',
    '?receiver_matchers=x',
    '?filter=alertname%3D',
    '?filter=alertname%21%3D',
    '?filter=alertname%3D~P.*&filter=severity%3Dpage',
    '?filter=x',
    '?filter=a%3D~(',
  ];
  it.each(['/alerts', '/alerts/groups', '/receivers'].flatMap(path => QUERIES.map(query => path + query)))(
    '%s',
    async path => void (await alike(get(path))),
  );
});

describe('amtool sees the same', () => {
  it('adds, queries, updates and expires silences', async () => {
    const add = ['silence', 'add', '--author=me', '--comment=c', '--duration=1h'];
    expect((await amtoolAlike(...add, 'alertname=Amtool', 'x=~y.*')).stdout).toBe('$17\n');
    await amtoolAlike(...add, 'x=~(');
    for (const format of ['simple', 'extended', 'json'])
      await amtoolAlike('silence', 'query', `--output=${format}`, 'alertname=Amtool');
    await amtoolAlike('silence', 'query', '--quiet', '--expired', 'a=x');
    await amtoolAlike('silence', 'update', '--duration=2h', '--comment=longer', '$17');
    await amtoolAlike('silence', 'query', '--output=json', 'alertname=Amtool');
    for (const client of clients) {
      const { stdout } = await client.amtool('silence', 'query', '--output=json', 'alertname=Amtool');
      expect(JSON.parse(stdout)).toHaveLength(1);
    }
    await amtoolAlike('silence', 'expire', '$17');
    await amtoolAlike('silence', 'expire', '00000000-0000-4000-8000-000000000000');
    await amtoolAlike('silence', 'query', '--output=json', '--expired', '--within=1h', 'alertname=Amtool');
  });

  it('imports silences', async () => {
    const file = join(folder, 'silences.json');
    writeFileSync(file, JSON.stringify([silence({ matchers: [matcher('alertname', 'Imported')] })]));
    expect((await amtoolAlike('silence', 'import', file)).code).toBe(0);
    await amtoolAlike('silence', 'query', '--output=json', 'alertname=Imported');
  });

  it('adds and queries alerts', async () => {
    await amtoolAlike('alert', 'add', 'alertname=ByAmtool', 'service=s', '--annotation=summary=it is');
    for (const format of ['simple', 'json']) await amtoolAlike('alert', 'query', `--output=${format}`);
    for (const flag of ['--silenced', '--inhibited', '--active', '--unprocessed', '--receiver=ticket'])
      await amtoolAlike('alert', 'query', flag, '--output=json');
    await amtoolAlike('alert', 'query', '--output=simple', 'alertname=~By.*');
  });

  it('tests routes', async () => {
    for (const labels of [['severity=ticket'], ['severity=muted', 'a=b'], ['x=y'], ['größe=ü'], ['x=~y'], []])
      await amtoolAlike('config', 'routes', 'test', ...labels);
    await amtoolAlike('config', 'routes', 'test', '--verify.receivers=page', 'severity=ticket');
    await amtoolAlike('config', 'routes', 'show');
  });
});

it.each([
  ['half a character', JSON.stringify(silence({ comment: '\ud800', matchers: [matcher('a', 'x\udc00')] }))],
  [
    'an annotation named __proto__',
    JSON.stringify(silence({ annotations: { x: 'y' } })).replace('"x"', '"__proto__"'),
  ],
])('silences with %s are taken and shown alike', async (_what, body) => {
  const { silenceID } = (await alike(post('/silences', body))).body as { silenceID: string };
  expect((await alike(get(`/silence/${silenceID}`))).status).toBe(200);
});

it('silences outlive a restart', async () => {
  const ours = routers.findIndex(({ name }) => name === 'slo-guard');
  const before = await clients[ours]!.ask(get('/silence/$16'));
  await routers[ours]!.stop();
  routers[ours] = await startRouter('slo-guard', join(folder, 'slo-guard'), CONFIG);
  clients[ours] = createRouterClient(routers[ours]!, folder);
  const { body } = await clients[ours]!.ask(get('/silences'));
  const { id: _id, ...silenceBefore } = before.body as { id: string };
  expect(body).toContainEqual(expect.objectContaining(silenceBefore));
});

it('silences beyond the limits are refused alike', async () => {
  const flags = ['--silences.max-silences=2', '--silences.max-silence-size-bytes=500'];
  const limited = await Promise.all(
    ROUTER_NAMES.map(name => startRouter(name, join(folder, `limited-${name}`), CONFIG, { flags })),
  );
  const askers = limited.map(router => createRouterClient(router, folder));
  const answers = async (body: unknown) =>
    (await Promise.all(askers.map(client => client.ask(post('/silences', body))))).map(answer => ({
      ...answer,
      // Sizes are those of two formats.
      body: JSON.stringify(answer.body).replace(/size: \d+ bytes/, 'size'),
    }));
  try {
    const bodies = [silence(), silence({ comment: 'x'.repeat(600) }), silence(), silence()];
    for (const [i, status] of [200, 400, 200, 400].entries()) {
      const [theirs, ours] = await answers(bodies[i]);
      expect(ours).toEqual(theirs);
      expect(theirs!.status).toBe(status);
    }
  } finally {
    await Promise.all(limited.map(router => router.stop()));
  }
});
