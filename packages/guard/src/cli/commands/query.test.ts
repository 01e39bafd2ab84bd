import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/slo-guard.js', import.meta.url));

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [status, answer] = answerTo(request.url ?? '', new URLSearchParams(body));
    response.statusCode = status;
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close().closeAllConnections();
});

/** A Prometheus that knows one series. */
function answerTo(path: string, form: URLSearchParams): [status: number, answer: object] {
  const success = (data: unknown): [number, object] => [
    200,
    { status: 'success', data, warnings: ['careful'] },
  ];
  const query = form.get('query') ?? '';
  if (query.includes('(('))
    return [
      400,
      { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:5: parse error: no' },
    ];
  const metric = { __name__: 'up', job: 'demo' };
  const result = query === 'nothing' ? [] : undefined;
  if (path.endsWith('/query'))
    return success({ resultType: 'vector', result: result ?? [{ metric, value: [1, '1'] }] });
  if (path.endsWith('/query_range')) {
    const [start, end, step] = ['start', 'end', 'step'].map(name => Number(form.get(name))) as [
      number,
      number,
      number,
    ];
    const values = Array.from({ length: (end - start) / step + 1 }, (_, i) => [start + i * step, String(i)]);
    return success({ resultType: 'matrix', result: result ?? [{ metric, values }] });
  }
  return path.endsWith('/series') ? success([metric]) : success(['demo']);
}

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Run> {
  const env = { ...process.env, TZ: 'UTC', PROMETHEUS_URL: url, FORCE_COLOR: '0' };
  const child = spawn(process.execPath, [BIN, 'query', ...args], { env });
  let out = '';
  let err = '';
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })));
}

describe('slo-guard query', () => {
  it('prints a table, and warnings on standard error', async () => {
    expect(await run('up')).toEqual({
      code: 0,
      out: '__name__  job   value\nup        demo      1\n',
      err: 'warning: careful\n',
    });
  });

  it('plots a range', async () => {
    const { code, out } = await run('up', '--start', '0', '--end', '3600', '--step', '60', '--width', '60');
    expect(code).toBe(0);
    expect(out).toMatch(/^60 ┤.*\n {3}│/);
    expect(out).toMatch(
      /● up\{job="demo"\} +60 +0 +60\n1970-01-01 00:00:00 to 1970-01-01 01:00:00 UTC, step 1m\n$/,
    );
  });

  it("prints the API's answer as it came, or CSV", async () => {
    expect(JSON.parse((await run('up', '--json')).out)).toMatchObject({
      status: 'success',
      warnings: ['careful'],
    });
    expect((await run('up', '--format', 'csv')).out).toBe(
      '__name__,job,timestamp,value\nup,demo,1970-01-01T00:00:01.000Z,1\n',
    );
  });

  it('lists series and labels', async () => {
    expect((await run('--series', 'up')).out).toBe('__name__  job\nup        demo\n');
    expect((await run('--labels', 'job')).out).toBe('demo\n');
  });

  it('says that nothing was found, and exits with 1 where that is asked for', async () => {
    expect(await run('nothing')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('is empty'),
    });
    expect(await run('nothing', '--fail-empty')).toMatchObject({ code: 1 });
    expect(await run('nothing', '--fail-empty', '--json')).toMatchObject({ code: 1 });
  });

  it('points at the place that the server finds wrong', async () => {
    const { code, err } = await run('up((');
    expect(code).toBe(2);
    expect(err).toBe(
      'slo-guard: invalid parameter "query": 1:5: parse error: no [bad-query]\n  up((\n      ^\n',
    );
  });

  it('ends without a word when nobody reads on', async () => {
    const env = { ...process.env, PROMETHEUS_URL: url };
    const child = spawn(process.execPath, [BIN, 'query', 'up'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', chunk => {
      err += chunk;
    });
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(0);
    expect(err).not.toContain('EPIPE');
  });

  it.each([
    [['up', '--format', 'xml'], '--format'],
    [['up', '--json', '--format', 'csv'], '--json'],
    [['up', '--unit', 'miles'], '--unit'],
    [['up', '--width', '0', '--since', '1h'], '--width'],
    [['up', '--url', 'nowhere'], '--url'],
    [['up', '--url', 'http://127.0.0.1:1'], 'remedy'],
  ])('exits with 2 on bad input: %j', async (args, expected) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(expected) });
  });
});
