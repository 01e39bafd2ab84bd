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

/** Runs a drill of the demo against the stack that answers on these ports. */
export async function drillByUrls(ports: Ports, name: string): Promise<DrillRun> {
  const { report, output } = await drillFile(ports, join(root, 'drills', `${name}.yaml`));
  if (!report) throw new Error(`the drill made no report: ${output}`);
  return { report, output };
}

/** How a drill ended; without a report where it did not begin. */
export interface EndedDrill {
  readonly code: number;
  readonly report: DrillReport | undefined;
  /** What it printed, errors after the rest. */
  readonly output: string;
}

const ATTEMPTS = 3;

/**
 * Runs `slo-guard drill` with a file against the stack that answers on these ports. Where requests fail before any fault,
 * as they do on a machine that others keep busy, the drill does not begin: it is then begun again.
 */
export async function drillFile(ports: Ports, file: string): Promise<EndedDrill> {
  for (let attempt = 1; ; attempt += 1) {
    const ended = await drillOnce(ports, file);
    if (attempt === ATTEMPTS || !ended.output.includes('[drill-not-steady]')) return ended;
  }
}

async function drillOnce(ports: Ports, file: string): Promise<EndedDrill> {
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
    const { code, output } = await run(process.execPath, [...command, file]).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      error => ({ code: error.code as number, output: `${error.stdout}${error.stderr}` }),
    );
    const [report] = JSON.parse(readFileSync(json, 'utf8')) as DrillReport[];
    return { code, report, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
