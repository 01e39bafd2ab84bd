import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePortsByName, type Ports } from '../story/support.ts';
import type { Engine } from './engine.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The article's own command, word for word, without what follows `up`. */
const COMMAND = 'docker compose -f docker-compose.yml -f docker-compose.prometheus.override.yml';

/** The variables by which the compose files' ports are moved. */
const PORT_VARIABLES: Readonly<Record<keyof Ports, string>> = {
  service_a: 'SERVICE_A_PORT',
  service_b: 'SERVICE_B_PORT',
  'webhook-receiver': 'RECEIVER_PORT',
  prometheus: 'PROMETHEUS_PORT',
  alertmanager: 'ALERTMANAGER_PORT',
  otlp_grpc: 'OTLP_GRPC_PORT',
  otlp_http: 'OTLP_HTTP_PORT',
  jaeger: 'JAEGER_PORT',
  console: 'GRAFANA_PORT',
};

/** The compose files as one project of their own, on free ports. */
export interface Project {
  readonly ports: Ports;
  url(name: keyof Ports, path?: string): string;
  /** Runs the article's command with these words behind it. @throws when it fails, with what it said */
  compose(words: string): Promise<string>;
  /** Runs `npm run compose:up` for these services, with more of an environment. */
  up(services: readonly string[], settings?: NodeJS.ProcessEnv): Promise<{ code: number; output: string }>;
  /** Its containers, volumes and networks that there still are. */
  leftovers(): Promise<string>;
}

/** The files that git knows, in a folder of their own: what a fresh clone holds, without what was installed beside it. */
export async function checkOut(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-checkout-'));
  const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  return folder;
}

export const removeCheckout = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export async function openProject(
  engine: Engine,
  folder: string,
  name: string,
  settings: NodeJS.ProcessEnv = {},
): Promise<Project> {
  const ports = await freePortsByName();
  const variables = Object.entries(PORT_VARIABLES).map(([port, variable]) => [
    variable,
    String(ports[port as keyof Ports]),
  ]);
  const env = {
    ...engine.env,
    ...Object.fromEntries(variables),
    COMPOSE_PROJECT_NAME: name,
    COLLECTOR_HEALTH_PORT: '0',
    ...settings,
  };
  return {
    ports,
    url: (port, path = '') => `http://127.0.0.1:${ports[port]}${path}`,
    async compose(words) {
      try {
        const { stdout } = await execute('bash', ['-c', `${COMMAND} ${words}`], {
          cwd: folder,
          env,
          maxBuffer: 64 * 1024 * 1024,
        });
        return stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`docker compose ${words} failed:\n${`${stdout}${stderr}`.slice(-6000)}`);
      }
    },
    async up(services, more = {}) {
      const script = join(folder, 'scripts/compose-up.ts');
      return execute(process.execPath, [script, ...services], { env: { ...env, ...more } }).then(
        ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
        error => ({ code: error.code as number, output: `${error.stdout}${error.stderr}` }),
      );
    },
    async leftovers() {
      const mine = ['--filter', `label=com.docker.compose.project=${name}`];
      const kinds = [
        ['ps', '--all', '--quiet'],
        ['volume', 'ls', '--quiet'],
        ['network', 'ls', '--quiet'],
      ];
      const found = await Promise.all(kinds.map(words => engine.docker(...words, ...mine)));
      return found.join('');
    },
  };
}
