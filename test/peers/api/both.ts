import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, getJson } from '../../story/support.ts';
import { type EngineName, type EngineProcess, startEngine } from '../support/engine-process.ts';
import { exposition, PROMETHEUS_YML, RULES_YML, tracedExposition } from './data.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** The guard and the real Prometheus with the same samples, rules and targets. */
export interface Both {
  readonly ours: EngineProcess;
  readonly theirs: EngineProcess;
  /** A temporary folder of the test's own. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts both, and waits until both have scraped and evaluated. */
export async function startBoth(flags: readonly string[] = []): Promise<Both> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-http-api-'));
  const target = createServer((request, response) => {
    const isTraced = request.url === '/traced';
    response.setHeader('content-type', isTraced ? OPEN_METRICS : TEXT);
    response.end(isTraced ? tracedExposition() : exposition());
  });
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve));
  const config = PROMETHEUS_YML(`127.0.0.1:${(target.address() as AddressInfo).port}`);
  const start = (name: EngineName) =>
    startEngine(name, { folder: join(folder, name), config, files: { 'rules.yml': RULES_YML }, flags });
  const [ours, theirs] = await Promise.all([start('slo-guard'), start('prometheus')]);
  for (const engine of [ours, theirs]) await filled(engine);
  return {
    ours,
    theirs,
    folder,
    async stop() {
      await Promise.all([ours.stop(), theirs.stop()]);
      target.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function filled({ name, address }: EngineProcess): Promise<void> {
  const query = encodeURIComponent(
    'ALERTS{alertstate="firing"} and on() queue_length offset 10m and on() traced_total offset 14m',
  );
  await eventually(`samples and a firing alert in ${name}`, 60, async () => {
    const { data } = await getJson<{ data: { result: unknown[] } }>(
      `http://${address}/api/v1/query?query=${query}`,
    );
    return data.result.length > 0 || undefined;
  });
}
