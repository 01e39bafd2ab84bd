import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { ask, eventually, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

let folder: GuardFolder;
const running: Guard[] = [];
const start = async (from = folder) => {
  const guard = await startIn(from);
  running.push(guard);
  return guard;
};
beforeEach(() => {
  folder = guardFolder();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(guard => guard.stop()));
  folder.remove();
});

const failure = async (from = folder): Promise<UserError> => {
  const error = await start(from).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('a guard that is started', () => {
  it('answers probes and its own metrics on every HTTP surface', async () => {
    const { addresses } = await start();
    for (const surface of ['prometheus', 'alertmanager', 'jaeger', 'console'] as const) {
      expect(await ask(addresses[surface], '/-/healthy'), surface).toMatchObject({ status: 200 });
      expect(await ask(addresses[surface], '/-/ready'), surface).toMatchObject({ status: 200 });
      const metrics = await ask(addresses[surface], '/metrics');
      expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(metrics.text).toMatch(/^# HELP /);
    }
    expect((await ask(addresses.prometheus, '/metrics')).text).toMatch(/otlp|receiver/);
  });

  it('refuses a foreign host on every HTTP surface, OTLP included', async () => {
    const { addresses } = await start();
    for (const surface of ['prometheus', 'alertmanager', 'jaeger', 'console', 'otlp-http'] as const) {
      const path = surface === 'otlp-http' ? '/v1/traces' : '/-/healthy';
      expect(await statusWithHost(addresses[surface]!, path, 'evil.example'), surface).toBe(403);
      expect(await statusWithHost(addresses[surface]!, path, 'localhost'), surface).not.toBe(403);
    }
    const foreign = {
      method: 'POST',
      headers: { origin: 'http://evil.example', 'content-type': 'application/json' },
      body: '{}',
    };
    expect(await ask(addresses['otlp-http'], '/v1/traces', foreign)).toMatchObject({ status: 403 });
    expect(await ask(addresses.alertmanager, '/api/v2/alerts', foreign)).toMatchObject({ status: 403 });
  });

  it('puts the addresses that are really in use into notifications and generator URLs', async () => {
    const bodies: string[] = [];
    const { createServer: createHttp } = await import('node:http');
    const hook = createHttp((request, response) => {
      let body = '';
      request.on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push(body);
        response.end();
      });
    });
    await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve));
    const { port } = hook.address() as { port: number };
    const own = guardFolder();
    own.write(
      'alertmanager.yml',
      (await import('./guard.testing.ts')).ALERTMANAGER_YML.replace('127.0.0.1:1/', `127.0.0.1:${port}/`),
    );
    const { addresses } = await start(own);
    const payload = JSON.parse(await eventually(() => bodies[0]));
    expect(payload.externalURL).toBe(`http://${addresses.alertmanager}`);
    expect(payload.alerts[0].generatorURL).toMatch(`http://${addresses.prometheus}/graph?`);
    await Promise.all(running.splice(0).map(guard => guard.stop()));
    own.remove();
    hook.close();
  });

  it('serves nothing where a port is off', async () => {
    const own = guardFolder();
    const quiet = {
      ...own,
      options: {
        ...own.options,
        ports: { ...own.options.ports, jaeger: 'off' as const, 'otlp-grpc': 'off' as const },
      },
    };
    const { addresses } = await start(quiet);
    expect(Object.keys(addresses).sort()).toEqual(['alertmanager', 'console', 'otlp-http', 'prometheus']);
    await running.pop()!.stop();
    own.remove();
  });

  it('lets the ports and the data directory go when it stops, and can be stopped twice', async () => {
    const guard = await start();
    const { addresses } = guard;
    await Promise.all([guard.stop(), guard.stop()]);
    for (const address of Object.values(addresses)) await expect(ask(address, '/')).rejects.toThrow();
    const again = await start();
    expect(await ask(again.addresses.prometheus, '/-/ready')).toMatchObject({ status: 200 });
  });
});

/** fetch does not let a Host header through. */
async function statusWithHost(address: string, path: string, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const [hostname, port] = address.split(':');
    request({ hostname, port, path, method: 'GET', headers: { host } }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a guard that cannot start', () => {
  it.each([
    ['prometheus.yml', 'global:\n  scrape_intervall: 1s\n', 2, 3],
    ['alertmanager.yml', 'route:\n  receiver: hook\nreceivers:\n  - nam: hook\n', 4],
    ['rules.yml', 'groups:\n  - name: g\n    rules:\n      - record: a\n        expr: sum(\n', 5],
  ])('says where %s is wrong, and creates nothing', async (file, text, line, column?: number) => {
    folder.write(file, text);
    const { problems, message } = await failure();
    const position = problems.find(each => each.position?.line === line)?.position;
    expect(position?.file, message).toMatch(file);
    if (column !== undefined) expect(position?.column).toBe(column);
    expect(existsSync(folder.options.dataDirectory)).toBe(false);
  });

  it('names a file that is missing', async () => {
    folder.write('prometheus.yml', 'rule_files: [none.yml]\n');
    expect((await failure()).message).toMatch(/none\.yml cannot be read: ENOENT/);
  });

  it('names a port that is taken with the flag that moves it, and creates nothing', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const ports = { ...folder.options.ports, alertmanager: port };
    const error = await failure({ ...folder, options: { ...folder.options, ports } });
    expect(error.message).toMatch(
      new RegExp(`port ${port} on 127.0.0.1 for alertmanager.*\\n.*--alertmanager-port`),
    );
    expect(existsSync(folder.options.dataDirectory)).toBe(false);
    other.close();
  });

  it('leaves the ports free when a later one is taken', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const ports = { ...folder.options.ports, 'otlp-grpc': port };
    expect((await failure({ ...folder, options: { ...folder.options, ports } })).code).toBe('port-in-use');
    await new Promise(resolve => other.close(resolve));
    const guard = await start({ ...folder, options: { ...folder.options, ports } });
    expect(guard.addresses['otlp-grpc']).toBe(`127.0.0.1:${port}`);
  });

  it('refuses a data directory that another guard has', async () => {
    await start();
    expect((await failure()).code).toBe('store-locked');
  });

  it('refuses a data directory that cannot be made', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    mkdirSync(join(folder.path, 'empty'));
    const options = { ...folder.options, dataDirectory: join(folder.path, 'file', 'data') };
    expect((await failure({ ...folder, options })).code).toBe('data-directory-unusable');
  });
});
