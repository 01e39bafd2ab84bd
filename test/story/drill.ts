import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DrillReport } from '../../packages/guard/src/proof/index.ts';
import type { Ports } from './support.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** A drill's report, and what the command printed. */
export interface DrillRun {
  readonly report: DrillReport;
  readonly output: string;
}

/** Runs `slo-guard drill` against the stack that answers on these ports. */
export async function drillByUrls(ports: Ports, name: string): Promise<DrillRun> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-drill-'));
  try {
    const json = join(folder, 'report.json');
    const url = (port: keyof Ports) => `http://127.0.0.1:${ports[port]}`;
    const flags = [
      ['--json', json],
      ['--service-a', url('service_a')],
      ['--service-b', url('service_b')],
      ['--prometheus', url('prometheus')],
      ['--alertmanager', url('alertmanager')],
      ['--receiver', url('webhook-receiver')],
      ['--jaeger', url('jaeger')],
    ].flat();
    const command = [join(root, 'packages/guard/bin/slo-guard.js'), 'drill', ...flags];
    const { stdout } = await run(process.execPath, [...command, join(root, 'drills', `${name}.yaml`)]).catch(
      error => ({ stdout: `${error.stdout}${error.stderr}` }),
    );
    const [report] = JSON.parse(readFileSync(json, 'utf8')) as DrillReport[];
    if (!report) throw new Error(`the drill made no report: ${stdout}`);
    return { report, output: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
