import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, eventually, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

let folder: GuardFolder;
let guard: Guard;
const get = (path: string) => ask(guard.addresses.prometheus, path);
const api = (path: string) => get(`/api/v1/${path}`);
const post = (path: string, form: Record<string, string>) =>
  ask(guard.addresses.prometheus, `/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) });
const url = (path: string, params: Record<string, string>) => `${path}?${new URLSearchParams(params)}`;

beforeAll(async () => {
  folder = guardFolder();
  folder.write(
    'prometheus.yml',
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['rul*.yml', 'none-*.yml']
scrape_configs:
  - job_name: demo
    static_configs: [{ targets: ['127.0.0.1:1'] }]
  - job_name: gone
    static_configs: [{ targets: ['127.0.0.1:2'] }]
    relabel_configs: [{ action: drop, source_labels: [job], regex: gone }]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['127.0.0.1:1'] }]
    - static_configs: [{ targets: ['user:sesame@127.0.0.1:1'] }]
      relabel_configs: [{ action: drop, source_labels: [__address__], regex: .* }]
`,
  );
  const options = {
    ...folder.options,
    alsoRouteEmbedded: true,
    flags: { 'web.external-url': 'http://me:sesame@host/' },
  };
  guard = await startIn({ ...folder, options });
  await eventually(async () => (await api('query?query=demo:one')).json.data.result.length > 0);
  await eventually(async () => (await api('query?query=up')).json.data.result.length > 0);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

const failed = ({ status, json }: Answer) => [status, json.errorType, json.error];

describe('queries', () => {
  it('answers instant queries by GET and by form', async () => {
    const expected = { status: 'success', data: { resultType: 'scalar', result: [1700000000, '2'] } };
    expect((await api(url('query', { query: '1+1', time: '1700000000' }))).json).toEqual(expected);
    expect((await post('query', { query: '1+1', time: '1700000000' })).json).toEqual(expected);
  });

  it('answers range queries by GET and by form', async () => {
    const params = { query: 'vector(3)', start: '100', end: '2023-11-14T22:13:20Z', step: '10y' };
    const answer = await api(url('query_range', params));
    expect(answer.json.data).toMatchObject({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [100, '3'],
            [315360100, '3'],
            [630720100, '3'],
            [946080100, '3'],
            [1261440100, '3'],
            [1576800100, '3'],
          ],
        },
      ],
    });
    expect((await post('query_range', params)).json).toEqual(answer.json);
  });

  it.each([
    [url('query', { query: 'sum(' }), 400, 'bad_data', /^invalid parameter "query": /],
    ['query', 400, 'bad_data', /^invalid parameter "query": /],
    [
      url('query', { query: '1', time: 'soon' }),
      400,
      'bad_data',
      /^invalid parameter "time": invalid time value for 'time': cannot parse "soon" to a valid timestamp$/,
    ],
    [url('query', { query: '1', timeout: 'x' }), 400, 'bad_data', /"timeout"/],
    [url('query', { query: '1', limit: '-1' }), 400, 'bad_data', /"limit"/],
    [
      url('query', { query: '1', lookback_delta: 'x' }),
      400,
      'bad_data',
      /^error parsing lookback delta duration: /,
    ],
    [
      url('query', { query: 'label_replace(vector(1), "a", "b", "c", "[")' }),
      422,
      'execution',
      /regular expression/,
    ],
    [
      url('query_range', { query: '1', start: '0', end: '11001', step: '1' }),
      400,
      'bad_data',
      /^exceeded maximum resolution of 11,000 points per timeseries/,
    ],
    [
      url('query_range', { query: '1', start: '2', end: '1', step: '1' }),
      400,
      'bad_data',
      /^invalid parameter "end": end timestamp must not be before start time$/,
    ],
    [
      url('query_range', { query: '1', start: '1', end: '2' }),
      400,
      'bad_data',
      /^invalid parameter "step": cannot parse "" to a valid duration$/,
    ],
    [
      url('query_range', { query: '1', start: '1', end: '2', step: '0' }),
      400,
      'bad_data',
      /^invalid parameter "step": zero or negative/,
    ],
    [
      url('query_range', { query: '1', end: '2', step: '1' }),
      400,
      'bad_data',
      /^invalid parameter "start": cannot parse "" to a valid timestamp$/,
    ],
    ['series', 400, 'bad_data', /^no match\[\] parameter provided$/],
    [
      url('series', { 'match[]': '{a=""}' }),
      400,
      'bad_data',
      /^invalid parameter "match\[\]": .*must contain at least one non-empty matcher/,
    ],
    [url('labels', { 'match[]': 'rate(a[5m])' }), 400, 'bad_data', /^1:5: parse error: unexpected "\("$/],
  ])('refuses %s with %d %s', async (path, status, type, message) => {
    expect(failed(await api(path))).toEqual([status, type, expect.stringMatching(message)]);
  });

  it('takes a range of 11,000 steps', async () => {
    expect(await api(url('query_range', { query: '1', start: '0', end: '11000', step: '1' }))).toMatchObject({
      status: 200,
    });
  });

  it('ends a query at the timeout that it asks for', async () => {
    const heavy = {
      query: 'quantile_over_time(0.5, vector(1)[1h:1s])',
      start: '0',
      end: '10000',
      step: '1',
      timeout: '100ms',
    };
    expect(failed(await api(url('query_range', heavy)))).toEqual([503, 'timeout', expect.any(String)]);
  });

  it('looks back as far as it is asked to', async () => {
    const time = String(Date.now() / 1000 + 30);
    const count = async (extra: Record<string, string>) =>
      (await api(url('query', { query: 'demo:one', time, ...extra }))).json.data.result.length;
    expect(await count({})).toBe(1);
    expect(await count({ lookback_delta: '2s' })).toBe(0);
  });

  it('cuts results at a limit and says so', async () => {
    const { json } = await api(url('query', { query: '{__name__=~".+"}', limit: '2' }));
    expect(json.data.result).toHaveLength(2);
    expect(json.warnings).toEqual(['results truncated due to limit']);
    const labels = await api('labels?limit=1');
    expect(labels.json).toMatchObject({ data: ['__name__'], warnings: ['results truncated due to limit'] });
  });

  it('lists series, labels and label values, by form too', async () => {
    const series = { status: 'success', data: [{ __name__: 'demo:one' }] };
    expect((await api(url('series', { 'match[]': 'demo:one' }))).json).toEqual(series);
    expect((await post('series', { 'match[]': 'demo:one' })).json).toEqual(series);
    expect((await api(url('series', { 'match[]': 'demo:one', start: '1', end: '2' }))).json.data).toEqual([]);
    expect((await post('labels', { 'match[]': 'up' })).json.data).toEqual(['__name__', 'instance', 'job']);
    expect((await api(url('label/job/values', { 'match[]': 'up' }))).json.data).toEqual(['demo']);
  });
});

/** Some megabytes. */
const long = {
  query: Array.from({ length: 40 }, (_, i) => `label_replace(vector(${i}), "i", "${i}", "", "")`).join(
    ' or ',
  ),
  start: '0',
  end: '10000',
  step: '1',
};

describe('long requests and answers', () => {
  it('come compressed where the client takes that', async () => {
    const { headers, json } = await post('query_range', long);
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(json.data.result.map(({ values }: { values: unknown[] }) => values.length)).toEqual(
      Array.from({ length: 40 }, () => 10_001),
    );
    const plain = await ask(guard.addresses.prometheus, url('/api/v1/query_range', long), {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.json).toEqual(json);
  });

  it('are dropped when the client leaves half way, and others are answered', async () => {
    for (let i = 0; i < 10; i++) {
      const address = `http://${guard.addresses.prometheus}/api/v1/query_range`;
      const response = await fetch(address, { method: 'POST', body: new URLSearchParams(long) });
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
    }
    expect((await api('query?query=1')).status).toBe(200);
  });

  it('are computed no further when the client leaves', async () => {
    const heavy = {
      query: Array.from({ length: 20 }, () => 'quantile_over_time(0.5, vector(1)[1h:1s])').join(' + '),
      start: '0',
      end: '10000',
      step: '1',
    };
    const address = `http://${guard.addresses.prometheus}/api/v1/query_range`;
    const leaving = Array.from({ length: 8 }, () =>
      fetch(address, {
        method: 'POST',
        body: new URLSearchParams(heavy),
        signal: AbortSignal.timeout(500),
      }).catch((error: Error) => error.name),
    );
    expect(await Promise.all(leaving)).toEqual(leaving.map(() => 'TimeoutError'));
    // They would take every thread for a minute.
    expect((await api('query?query=1')).status).toBe(200);
  });

  it('may have a request line of a megabyte', async () => {
    const query = `1${' '.repeat(300_000)}`;
    expect((await api(url('query', { query }))).json.data.resultType).toBe('scalar');
  });
});

describe('views', () => {
  it('shows rule groups in Prometheus’s shape', async () => {
    const { groups } = (await api('rules')).json.data;
    expect(groups).toEqual([
      {
        name: 'demo',
        file: expect.stringMatching(/rules\.yml$/),
        interval: 1,
        limit: 0,
        evaluationTime: expect.any(Number),
        lastEvaluation: expect.stringMatching(/^20.*Z$/),
        rules: expect.any(Array),
      },
    ]);
    const evaluated = {
      health: 'ok',
      evaluationTime: expect.any(Number),
      lastEvaluation: expect.stringMatching(/Z$/),
    };
    const [recording, firing, inactive] = groups[0].rules;
    expect(recording).toEqual({
      name: 'demo:one',
      query: 'vector(1)',
      labels: {},
      type: 'recording',
      ...evaluated,
    });
    const alert = {
      labels: { alertname: 'Always', severity: 'page', service: 'demo', slo: 'availability' },
      annotations: { summary: 'it always fires' },
      state: 'firing',
      activeAt: expect.stringMatching(/Z$/),
      value: '1e+00',
    };
    expect(firing).toEqual({
      state: 'firing',
      name: 'Always',
      query: 'vector(1) == 1',
      duration: 0,
      keepFiringFor: 0,
      labels: { severity: 'page', service: 'demo', slo: 'availability' },
      annotations: { summary: 'it always fires' },
      alerts: [alert],
      type: 'alerting',
      ...evaluated,
    });
    expect(inactive).toMatchObject({ state: 'inactive', alerts: [] });
    expect((await api('alerts')).json.data).toEqual({ alerts: [alert] });
  });

  it.each([
    ['type=alert', ['Always', 'Never']],
    ['type=RECORD', ['demo:one']],
    ['rule_name[]=Never', ['Never']],
    ['rule_group[]=other', []],
    ['match[]={severity="page"}', ['Always']],
  ])('shows of the rules with %s %j', async (query, names) => {
    const { groups } = (await api(`rules?${query}`)).json.data;
    expect(
      groups.flatMap((group: { rules: { name: string }[] }) => group.rules.map(({ name }) => name)),
    ).toEqual(names);
  });

  it.each([
    'type=x',
    'exclude_alerts=x',
    'group_limit=0',
    'group_next_token=x',
    'group_limit=1&group_next_token=x',
  ])('refuses rules with %s', async query =>
    expect(failed(await api(`rules?${query}`)).slice(0, 2)).toEqual([400, 'bad_data']),
  );

  it('shows targets with their state, and counts the dropped', async () => {
    const { data } = (await api('targets')).json;
    expect(data.activeTargets).toEqual([
      {
        discoveredLabels: expect.objectContaining({ __address__: '127.0.0.1:1', job: 'demo' }),
        labels: { instance: '127.0.0.1:1', job: 'demo' },
        scrapePool: 'demo',
        scrapeUrl: 'http://127.0.0.1:1/metrics',
        globalUrl: 'http://127.0.0.1:1/metrics',
        lastError: expect.stringMatching(/./),
        lastScrape: expect.stringMatching(/Z$/),
        lastScrapeDuration: expect.any(Number),
        health: 'down',
        scrapeInterval: '1s',
        scrapeTimeout: '1s',
      },
    ]);
    expect(data.droppedTargets).toEqual([
      { scrapePool: 'gone', discoveredLabels: expect.objectContaining({ job: 'gone' }) },
    ]);
    expect(data.droppedTargetCounts).toEqual({ demo: 0, gone: 1 });
    expect((await api('targets?state=active')).json.data).toMatchObject({
      droppedTargets: [],
      droppedTargetCounts: null,
    });
    expect((await api('targets?scrapePool=gone')).json.data.activeTargets).toEqual([]);
    expect((await api('scrape_pools')).json.data).toEqual({ scrapePools: ['demo', 'gone'] });
  });

  it('lists the Alertmanagers that alerts go to, without their credentials', async () => {
    expect((await api('alertmanagers')).json.data).toEqual({
      activeAlertmanagers: [
        { url: 'http://127.0.0.1:1/api/v2/alerts' },
        { url: `http://${guard.addresses.alertmanager}/api/v2/alerts` },
      ],
      droppedAlertmanagers: [{ url: 'http://<secret>@127.0.0.1:1/api/v2/alerts' }],
    });
  });

  it('tells no secrets in the configuration and the flags', async () => {
    const config = (await api('status/config')).json.data.yaml;
    expect(config).toContain('<secret>@127.0.0.1:1');
    expect(config).not.toContain('sesame');
    expect((await api('status/flags')).json.data).toEqual({ 'web.external-url': 'http://<secret>@host/' });
  });

  it('tells its build, its run and its store', async () => {
    expect((await api('status/buildinfo')).json.data).toMatchObject({
      version: '3.16.0',
      application: 'slo-guard 0.0.0',
    });
    expect((await api('status/runtimeinfo')).json.data).toMatchObject({
      reloadConfigSuccess: true,
      corruptionCount: 0,
      storageRetention: '1d or 512MiB',
    });
    const { data } = (await api('status/tsdb')).json;
    expect(data.headStats).toEqual({
      numSeries: expect.any(Number),
      numLabelPairs: expect.any(Number),
      chunkCount: expect.any(Number),
      minTime: expect.any(Number),
      maxTime: expect.any(Number),
    });
    expect(data.seriesCountByMetricName).toContainEqual({ name: 'up', value: 1 });
    expect(data.labelValueCountByLabelName[0]).toMatchObject({ name: '__name__' });
    expect(failed(await api('status/tsdb?limit=0'))).toEqual([
      400,
      'bad_data',
      'limit must be a positive number',
    ]);
  });

  it('has no metadata of a target that does not answer', async () => {
    expect((await api('metadata')).json).toEqual({ status: 'success', data: {} });
    expect(failed(await api('metadata?limit=x'))).toEqual([400, 'bad_data', 'limit must be a number']);
  });

  it.each([['POST', 'read']])('says why it does not serve %s %s', async (method, path) =>
    expect(failed(await ask(guard.addresses.prometheus, `/api/v1/${path}`, { method }))).toEqual([
      501,
      'not_implemented',
      expect.stringMatching(/^not served here: ./),
    ]),
  );

  it('leads browsers to the console', async () => {
    const { status, headers } = await get('/');
    expect([status, headers.get('location')]).toEqual([302, `http://${guard.addresses.console}/`]);
  });
});
