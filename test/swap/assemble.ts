import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadStack, withPorts } from '../../packages/guard/src/stack/index.ts';
import { renderAlertmanagerConfig } from '../../packages/guard/src/stack/render-alertmanager.ts';
import { renderPrometheusConfig } from '../../packages/guard/src/stack/render-prometheus.ts';
import { peer } from '../peers/programs.ts';
import { freePortsByName, type Ports } from '../story/support.ts';
import type { Swap } from './matrix.ts';
import { type Program, type RunningPrograms, startPrograms } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const GUARD = join(root, 'packages/guard/bin/slo-guard.js');
const serviceMain = (name: string) => join(root, 'services', name, 'src/main.ts');

/** A stack of the demo, put together as a swap says. */
export interface AssembledStack extends RunningPrograms {
  readonly ports: Ports;
  url(name: keyof Ports, path?: string): string;
  /** The guard's trace store where both hold the spans. */
  readonly secondTraces: string;
}

/** Ports beside those of stack.yaml: of parts that are there besides the one that a surface's port belongs to. */
interface MorePorts {
  readonly jaegerOtlp: number;
  readonly collectorHealth: number;
  readonly guardOtlp: number;
  readonly guardTraces: number;
}

/** Changes the stack's files before its programs start, to break it. */
export type Alteration = (folder: string, ports: Ports) => void;

/** Starts the demo's services, the receiver and the parts of `swap`, on free ports with their files in `folder`. */
export async function assemble(swap: Swap, folder: string, alter?: Alteration): Promise<AssembledStack> {
  const [ports, others] = await Promise.all([freePortsByName(), freePortsByName()]);
  const more: MorePorts = {
    jaegerOtlp: others.otlp_grpc,
    collectorHealth: others.otlp_http,
    guardOtlp: others.console,
    guardTraces: others.jaeger,
  };
  writeConfiguration(swap, folder, ports, more);
  alter?.(folder, ports);
  const programs = [
    ...(swap.traces !== 'slo-guard' ? [jaeger(ports)] : []),
    ...(swap.collecting === 'Collector' ? [collector(more)] : []),
    receiver(ports, folder),
    ...(swap.routing === 'Alertmanager' ? [alertmanager(ports)] : []),
    // Before whatever scrapes them: a target that is not there yet is an alert.
    ...services(swap, ports, more),
    ...(needsGuard(swap) ? [guard(swap, ports, more)] : []),
    ...(swap.metrics === 'Prometheus' ? [prometheus(ports)] : []),
  ];
  const url = (name: keyof Ports, path = '') => `http://127.0.0.1:${ports[name]}${path}`;
  const secondTraces = `http://127.0.0.1:${more.guardTraces}`;
  return Object.assign(await startPrograms(programs, folder), { ports, url, secondTraces });
}

const needsGuard = ({ metrics, routing, traces }: Swap) =>
  [metrics, routing, traces].includes('slo-guard') || traces === 'both';

/** Whoever takes spans first listens on the collector's ports; what stands behind it listens elsewhere. */
const takesSpansAt = (swap: Swap, ports: Ports, more: MorePorts) =>
  swap.collecting === 'none' ? more.jaegerOtlp : ports.otlp_grpc;

function writeConfiguration(swap: Swap, folder: string, ports: Ports, more: MorePorts): void {
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const stack = withPorts(loadStack('stack.yaml', readFileSync(join(root, 'stack.yaml'), 'utf8')), {
    ...ports,
  });
  const ruleFiles = ['rules.yml', 'watch.yml'];
  for (const name of ruleFiles) write(name, readFileSync(join(root, 'deploy/prometheus', name), 'utf8'));
  const config = parse(renderPrometheusConfig(stack, 'embedded', { ruleFiles }));
  if (swap.metrics === 'Prometheus' || swap.routing === 'Alertmanager') {
    config.alerting = {
      alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }] }],
    };
  }
  write('prometheus.yml', stringify(config));
  // What a guard has to do beside a real Prometheus: nothing.
  write('no-rules.yml', 'global: { evaluation_interval: 1h }\n');
  write('alertmanager.yml', renderAlertmanagerConfig(stack, 'embedded'));
  write('collector.yaml', stringify(collectorConfig(swap, ports, more)));
  write('jaeger.yaml', stringify(jaegerConfig(ports, more)));
}

function collectorConfig(swap: Swap, ports: Ports, more: MorePorts) {
  const config = parse(readFileSync(join(root, 'deploy/otel-collector/config.yaml'), 'utf8'));
  config.extensions.health_check.endpoint = `127.0.0.1:${more.collectorHealth}`;
  config.receivers.otlp.protocols = { grpc: { endpoint: `127.0.0.1:${ports.otlp_grpc}` } };
  const behind = {
    Jaeger: [more.jaegerOtlp],
    'slo-guard': [more.guardOtlp],
    both: [more.jaegerOtlp, more.guardOtlp],
  }[swap.traces];
  const template = config.exporters['otlp_grpc/jaeger'];
  const exporters = behind.map((port, i) => [
    `otlp_grpc/${i}`,
    { ...template, endpoint: `127.0.0.1:${port}` },
  ]);
  config.exporters = Object.fromEntries(exporters);
  config.service.pipelines.traces.exporters = exporters.map(([name]) => name);
  config.service.telemetry = { metrics: { level: 'none' } };
  return config;
}

const jaegerConfig = (ports: Ports, more: MorePorts) => ({
  service: {
    extensions: ['jaeger_storage', 'jaeger_query'],
    pipelines: {
      traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] },
    },
    telemetry: { metrics: { level: 'none' } },
  },
  extensions: {
    jaeger_query: {
      storage: { traces: 'memory' },
      http: { endpoint: `127.0.0.1:${ports.jaeger}` },
      grpc: { endpoint: '127.0.0.1:0' },
    },
    jaeger_storage: { backends: { memory: { memory: { max_traces: 100_000 } } } },
  },
  receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${more.jaegerOtlp}` } } } },
  processors: { batch: { timeout: '1s' } },
  exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
});

function guard(swap: Swap, ports: Ports, more: MorePorts): Program {
  const own = <T>(part: keyof Swap, value: T) => (swap[part] === 'slo-guard' ? value : 'off');
  const otlp =
    swap.traces === 'Jaeger' ? 'off' : swap.collecting === 'Collector' ? more.guardOtlp : ports.otlp_grpc;
  const metrics = own('metrics', ports.prometheus);
  const flags = {
    'prometheus-config': metrics === 'off' ? 'no-rules.yml' : 'prometheus.yml',
    'alertmanager-config': 'alertmanager.yml',
    'data-dir': 'guard',
    'prometheus-port': metrics,
    'alertmanager-port': own('routing', ports.alertmanager),
    'otlp-grpc-port': otlp,
    'otlp-http-port': swap.collecting === 'slo-guard' ? ports.otlp_http : 'off',
    'jaeger-port': swap.traces === 'both' ? more.guardTraces : own('traces', ports.jaeger),
    'console-port': ports.console,
  };
  return {
    name: 'slo-guard',
    command: process.execPath,
    args: [
      GUARD,
      'serve',
      ...(metrics === 'off' ? [] : ['--web.enable-remote-write-receiver']),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    readyUrl: `http://127.0.0.1:${ports.console}/`,
  };
}

const jaeger = (ports: Ports): Program => ({
  name: 'jaeger',
  command: peer('jaeger'),
  args: ['--config=jaeger.yaml'],
  readyUrl: `http://127.0.0.1:${ports.jaeger}/api/services`,
});

const collector = (more: MorePorts): Program => ({
  name: 'collector',
  command: peer('otelcol'),
  args: ['--config=collector.yaml'],
  readyUrl: `http://127.0.0.1:${more.collectorHealth}/`,
});

const alertmanager = (ports: Ports): Program => ({
  name: 'alertmanager',
  command: peer('alertmanager'),
  args: [
    '--config.file=alertmanager.yml',
    '--storage.path=alertmanager',
    `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
    '--cluster.listen-address=',
  ],
  readyUrl: `http://127.0.0.1:${ports.alertmanager}/-/ready`,
});

const prometheus = (ports: Ports): Program => ({
  name: 'prometheus',
  command: peer('prometheus'),
  args: [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=prometheus',
    '--storage.tsdb.retention.time=31d',
    '--enable-feature=exemplar-storage',
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
  ],
  readyUrl: `http://127.0.0.1:${ports.prometheus}/-/ready`,
});

const receiver = (ports: Ports, folder: string): Program => ({
  name: 'webhook-receiver',
  command: process.execPath,
  args: [serviceMain('webhook-receiver')],
  env: { PORT: String(ports['webhook-receiver']), DATA_DIR: join(folder, 'receiver') },
  readyUrl: `http://127.0.0.1:${ports['webhook-receiver']}/healthz`,
});

function services(swap: Swap, ports: Ports, more: MorePorts): Program[] {
  const telemetry = {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${takesSpansAt(swap, ports, more)}`,
  };
  const service = (name: 'service_a' | 'service_b', env: Record<string, string> = {}): Program => ({
    name,
    command: process.execPath,
    args: [serviceMain(name.replace('_', '-'))],
    env: { ...telemetry, PORT: String(ports[name]), ...env },
    readyUrl: `http://127.0.0.1:${ports[name]}/healthz`,
  });
  return [
    service('service_b'),
    service('service_a', { SERVICE_B_URL: `http://127.0.0.1:${ports.service_b}` }),
  ];
}
