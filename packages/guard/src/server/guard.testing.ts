/** A real guard on loopback for tests, with files in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SILENCE_LIMITS } from '../alertmanager/index.ts';
import { createSystemClock, type Logger, silentLogger } from '../core/index.ts';
import { type Guard, type GuardOptions, NO_FEATURES, startGuard } from './index.ts';

export const PROMETHEUS_YML = `global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [rules.yml]
scrape_configs:
  - job_name: demo
    static_configs: [{ targets: ['127.0.0.1:1'] }]
`;

export const ALERTMANAGER_YML = `route:
  receiver: hook
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: hook
    webhook_configs: [{ url: 'http://127.0.0.1:1/' }]
`;

export const RULES_YML = `groups:
  - name: demo
    rules:
      - record: demo:one
        expr: vector(1)
      - alert: Always
        expr: vector(1) == 1
        labels: { severity: page, service: demo, slo: availability }
        annotations: { summary: it always fires }
      - alert: Never
        expr: vector(1) == 2
`;

export interface GuardFolder {
  readonly path: string;
  readonly options: GuardOptions;
  write(file: string, text: string): void;
  remove(): void;
}

/** A folder with the three files; every port is free to choose. */
export function guardFolder(overrides: Partial<GuardOptions> = {}): GuardFolder {
  const path = mkdtempSync(join(tmpdir(), 'slo-guard-'));
  const write = (file: string, text: string) => writeFileSync(join(path, file), text);
  mkdirSync(path, { recursive: true });
  write('prometheus.yml', PROMETHEUS_YML);
  write('alertmanager.yml', ALERTMANAGER_YML);
  write('rules.yml', RULES_YML);
  return {
    path,
    write,
    remove: () => rmSync(path, { recursive: true, force: true }),
    options: {
      prometheusConfig: join(path, 'prometheus.yml'),
      alertmanagerConfig: join(path, 'alertmanager.yml'),
      dataDirectory: join(path, 'data'),
      slosDirectory: undefined,
      listen: '127.0.0.1',
      allowedHosts: [],
      ports: {
        prometheus: 0,
        alertmanager: 0,
        'otlp-grpc': 0,
        'otlp-http': 0,
        jaeger: 0,
        console: 0,
      },
      retention: 86_400_000,
      retentionBytes: 512 * 1024 ** 2,
      lookbackDelta: 300_000,
      queryTimeout: 60_000,
      maxSamples: 50_000_000,
      enableLifecycle: false,
      notificationQueue: { queueCapacity: 10_000, batchSize: 256, drainsOnStop: true },
      resendDelay: 60_000,
      forGracePeriod: 600_000,
      forOutageTolerance: 3_600_000,
      externalUrl: undefined,
      routePrefix: undefined,
      corsOrigin: undefined,
      enableAdminApi: false,
      features: NO_FEATURES,
      enableRemoteWriteReceiver: false,
      acceptedWriteMessages: ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'],
      enableOtlpReceiver: false,
      alsoRouteEmbedded: false,
      silenceLimits: DEFAULT_SILENCE_LIMITS,
      links: {},
      version: '0.0.0',
      flags: {},
      ...overrides,
    },
  };
}

export const startIn = (folder: GuardFolder, logger: Logger = silentLogger): Promise<Guard> =>
  startGuard(folder.options, { clock: createSystemClock(), logger });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

/** One request to a surface of the guard; redirects are not followed. */
export async function ask(
  address: string | undefined,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(`http://${address}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

/** Asks until the answer is truthy, by the machine's clock. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  timeout = 10_000,
  interval = 50,
): Promise<NonNullable<T>> {
  const clock = createSystemClock();
  const deadline = clock.monotonic() + timeout;
  for (;;) {
    const value = await read();
    if (value) return value as NonNullable<T>;
    if (clock.monotonic() > deadline) throw new Error(`not so within ${timeout} ms: ${read}`);
    await clock.sleep(interval);
  }
}
