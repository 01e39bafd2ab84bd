import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'register-'));
afterAll(() => rmSync(folder, { recursive: true }));

const register = new URL('./register.ts', import.meta.url).href;
const api = fileURLToPath(import.meta.resolve('@opentelemetry/api'));

/** Runs a program under `--import …/register`. */
function run(source: string, env: Record<string, string> = {}) {
  const file = join(folder, 'app.mjs');
  writeFileSync(file, source);
  return promisify(execFile)(process.execPath, ['--import', register, file], {
    env: { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'none', ...env },
  });
}

describe('node --import @slo-guard/telemetry/register', () => {
  it('stands before the first line of the application', async () => {
    const source = `import { trace } from ${JSON.stringify(api)};
      console.log(trace.getTracer('app').startSpan('x').isRecording());`;
    const { stdout, stderr } = await run(source, { OTEL_SERVICE_NAME: 'app' });
    expect(stdout).toBe('true\n');
    expect(stderr).toBe('');
  });

  it('says loudly that a second copy of the API is loaded', async () => {
    const copy = join(folder, 'node_modules/@opentelemetry/api');
    mkdirSync(copy, { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{"name":"@opentelemetry/api","main":"index.js"}');
    writeFileSync(join(copy, 'index.js'), 'module.exports = {};');
    const { stderr } = await run(`import '@opentelemetry/api';`, { OTEL_SERVICE_NAME: 'app' });
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', kind: 'second_api_copy' });
  });

  it('says loudly that the service has no name', async () => {
    const { stderr } = await run('');
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', kind: 'unknown_service' });
  });

  it('ends with one line when a variable cannot be honoured', async () => {
    const failure = await run('', { OTEL_PROPAGATORS: 'b3' }).catch(error => error);
    expect([failure.code, failure.stderr]).toEqual([
      2,
      'telemetry: OTEL_PROPAGATORS=b3: b3 is not supported; use tracecontext, baggage or none\n',
    ]);
  });

  it('lets a signal end the application as it would have without it', async () => {
    const failure = await run(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`).catch(
      error => error,
    );
    expect(failure.signal).toBe('SIGTERM');
  });
});
