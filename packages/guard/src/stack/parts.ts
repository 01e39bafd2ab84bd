import { join } from 'node:path';
import { formatDuration } from '../core/index.ts';
import type { Endpoints } from '../proof/index.ts';
import { type Stack, type StackProcess, SURFACES } from './model.ts';
import type { WantedPort } from './ports.ts';
import { renderAlertmanagerConfig } from './render-alertmanager.ts';
import { renderPrometheusConfig } from './render-prometheus.ts';
import { GUARD_BIN, REPOSITORY } from './repository.ts';
import type { PartCommand } from './supervisor.ts';

/** The configuration files that a guard is started with. */
export interface RenderedConfiguration {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** The guard's own address. */
const HOST = '127.0.0.1';
export const GUARD = 'slo-guard';

/**
 * Objects' room in a quiet process is two fifths of its memory, most of it for new ones (up to three times 64 MB). A
 * smaller room is emptied more often; it bounds nothing, so a busy process is slower and does not crash. The guard's
 * command sees to this itself.
 */
const NODE_FLAGS = ['--max-semi-space-size=1'];

/** Each service's folder under `services/`, by its name in stack.yaml. */
const scriptOf = (name: string) => join(REPOSITORY, 'services', name.replaceAll('_', '-'), 'src', 'main.ts');

const urlOf = ({ host, port }: StackProcess) => `http://${host}:${port}`;

/** The demo's gateway and backend, in the order of stack.yaml. */
function demoServices({ services }: Stack): readonly [StackProcess, StackProcess] {
  const [gateway, backend] = services;
  if (!gateway || !backend) throw new Error('BUG: the demo needs two services in stack.yaml');
  return [gateway, backend];
}

/** Where the parts answer. */
export function endpointsOf(stack: Stack): Required<Endpoints> {
  const [gateway, backend] = demoServices(stack);
  return {
    gateway: urlOf(gateway),
    backend: urlOf(backend),
    prometheus: `http://${HOST}:${stack.ports.prometheus}`,
    alertmanager: `http://${HOST}:${stack.ports.alertmanager}`,
    receiver: urlOf(stack.receiver),
    jaeger: `http://${HOST}:${stack.ports.jaeger}`,
  };
}

/** Every port that the stack binds, under the name that `--port` takes. */
export function wantedPorts({ services, receiver, ports }: Stack, withServices: boolean): WantedPort[] {
  const processes = [...(withServices ? services : []), receiver];
  return [
    ...processes.map(({ name, host, port }) => ({ name, host, port })),
    ...SURFACES.map(name => ({ name, host: HOST, port: ports[name] })),
  ];
}

/** Writes what the guard reads at start, with the ports really in use. */
export function renderConfiguration(
  stack: Stack,
  ruleFiles: readonly string[],
  dataDirectory: string,
  write: (file: string, text: string) => void,
): RenderedConfiguration {
  const prometheus = join(dataDirectory, 'prometheus.yml');
  const alertmanager = join(dataDirectory, 'alertmanager.yml');
  write(prometheus, renderPrometheusConfig(stack, 'embedded', { ruleFiles }));
  write(alertmanager, renderAlertmanagerConfig(stack, 'embedded'));
  return { prometheus, alertmanager };
}

export function guardCommand(
  stack: Stack,
  configuration: RenderedConfiguration,
  dataDirectory: string,
): PartCommand {
  const { gateway, backend, receiver, prometheus } = endpointsOf(stack);
  const flags: Record<string, string> = {
    'prometheus-config': configuration.prometheus,
    'alertmanager-config': configuration.alertmanager,
    'data-dir': dataDirectory,
    listen: HOST,
    'storage.tsdb.retention.time': formatDuration(stack.retention),
    'receiver-url': receiver,
    'service-a-url': gateway,
    'service-b-url': backend,
    ...Object.fromEntries(
      SURFACES.map(name => [`${name.replace('_', '-')}-port`, String(stack.ports[name])]),
    ),
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  return {
    name: GUARD,
    args: [GUARD_BIN, 'serve', ...args],
    env: {},
    readyUrl: `${prometheus}/-/ready`,
  };
}

export const receiverCommand = ({ receiver, watchdog }: Stack, dataDirectory: string): PartCommand => ({
  name: receiver.name,
  args: [...NODE_FLAGS, scriptOf(receiver.name)],
  env: {
    PORT: String(receiver.port),
    HOST: receiver.host,
    DATA_DIR: join(dataDirectory, 'receiver'),
    DEADMAN_INTERVAL_SECONDS: String(watchdog.interval / 1000),
    DEADMAN_LATE_AFTER_SECONDS: String(watchdog.lateAfter / 1000),
  },
  readyUrl: `${urlOf(receiver)}/healthz`,
});

export function serviceCommands(stack: Stack): PartCommand[] {
  const [gateway, backend] = demoServices(stack);
  const shared = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://${HOST}:${stack.ports.otlp_http}` };
  const command = (service: StackProcess, env: Record<string, string>): PartCommand => ({
    name: service.name,
    args: [...NODE_FLAGS, scriptOf(service.name)],
    env: { ...shared, PORT: String(service.port), HOST: service.host, ...env },
    readyUrl: `${urlOf(service)}/healthz`,
  });
  return [command(backend, {}), command(gateway, { SERVICE_B_URL: urlOf(backend) })];
}
