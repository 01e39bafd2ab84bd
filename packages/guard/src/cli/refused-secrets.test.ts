import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drill } from './commands/drill.ts';
import { planTarget } from './generate/plan.ts';
import { observeMetrics } from './init/observe-metrics.ts';
import { connectionOf } from './prometheus/connection.ts';
import { readHttpConfig } from './prometheus/http-config.ts';

const SLOS = join(import.meta.dirname, '../../../../slos');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-refused-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const LONG = `s3cret-${'x-'.repeat(80)}ta1l`;
const refusalOf = (run: () => unknown): Promise<Error> =>
  Promise.resolve()
    .then(run)
    .then(
      () => expect.fail('taken'),
      error => error as Error,
    );

describe('what is refused shows no secrets', () => {
  it.each([
    ['an unknown field', 'basic_auth: { password: s3cret, pasword_file: x }'],
    ['broken YAML', 'basic_auth: { password: s3cret, x: [1 }'],
    ['a secret that is no text', 'bearer_token: [s3cret]'],
    ['two that say the same', 'bearer_token: s3cret\nbasic_auth: { password: s3cret, password_file: x }'],
  ])('of a file of client options with %s', async (_, text) => {
    const { message } = await refusalOf(() => readHttpConfig(file('http.yml', text)));
    expect(message).toContain('http.yml:');
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['broken YAML', 'receivers: [{ name: a, slack_configs: [{ api_url: http://x/s3cret }] }\n'],
    ['no route', 'global: { smtp_auth_password: s3cret }\n'],
    [
      'no receiver of that name',
      'route: { receiver: a }\nreceivers: [{ name: a, webhook_configs: [{ url: s3cret }] }]\n',
    ],
  ])('of an alertmanager.yml to merge into with %s', async (_, text) => {
    const mergeInto = file('am.yml', text);
    const plan = { input: SLOS, output: folder, target: 'alertmanager', rules: {}, mergeInto } as const;
    const { message } = await refusalOf(() => planTarget({ ...plan, options: { pageReceiver: 'b' } }));
    expect(message).toContain('am.yml:');
    expect(message).not.toContain('s3cret');
  });

  it.each(['http://me:s3cret@h/?x', 'ftp://me:s3cret@h/', 'http://me:s3/cret@h/', 'me:s3cret@h:1'])(
    'of the address %s of a drill',
    async prometheus => {
      const { message } = await refusalOf(() => drill([], { prometheus, freshStack: false }));
      expect(message).toContain('<secret>@h');
      expect(message).not.toMatch(/s3|cret@/);
    },
  );

  it('of a metrics page that repeats what it was sent', async () => {
    const server = createServer(({ headers }, response) => {
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(`m 1\nyou sent ${headers.authorization}\n`);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = connectionOf({ url }, { bearerToken: LONG });
    const { message } = await refusalOf(() => observeMetrics(connection, new AbortController().signal));
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    expect(message).toMatch(/cannot be read.*bad-exposition/);
    expect(message).not.toMatch(/s3cret|ta1l/);
  });
});
