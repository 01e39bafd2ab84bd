import { z } from 'zod';
import {
  checkShape,
  durationField,
  isNonEmpty,
  labelNameField,
  readOneYaml,
  stringMapField,
  type YamlSource,
} from '../config/index.ts';
import { type Milliseconds, messageOf, type Problem, parseDuration, UserError } from '../core/index.ts';
import type { AlertingRule } from '../generate/index.ts';
import { parseExpr } from '../promql/index.ts';
import { blockedPortProblem } from './blocked-port.ts';

/** The guard's own listeners, by the names that `--port NAME=N` takes. */
export const SURFACES = [
  'prometheus',
  'alertmanager',
  'otlp_grpc',
  'otlp_http',
  'jaeger',
  'console',
] as const;
type Surface = (typeof SURFACES)[number];

/** A process of the demo that answers HTTP. */
export interface StackProcess {
  readonly name: string;
  /** Where it listens when it runs beside the guard. */
  readonly host: string;
  readonly port: number;
  /** Its container's name in compose, and thereby its host there. */
  readonly composeHost: string;
}

interface StackService extends StackProcess {
  readonly metricsPath: string;
  /** Labels of everything scraped from it, `service` among them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The one description from which every configuration is rendered. */
export interface Stack {
  readonly services: readonly StackService[];
  readonly receiver: StackProcess;
  /** 0 means any free port, and is not rendered: ask for the stack with the ports really in use. */
  readonly ports: Readonly<Record<Surface, number>>;
  readonly intervals: {
    readonly scrape: Milliseconds;
    readonly evaluation: Milliseconds;
    readonly groupWait: Milliseconds;
    readonly groupInterval: Milliseconds;
    readonly repeatInterval: Milliseconds;
  };
  /** How often the alert that always fires is notified, and after which silence its receiver calls it late. */
  readonly watchdog: { readonly interval: Milliseconds; readonly lateAfter: Milliseconds };
  readonly retention: Milliseconds;
  readonly routing: { readonly groupBy: readonly string[]; readonly inhibitEqual: readonly string[] };
  /** `traces` is a trace search, `{service}` in it standing for the service; undefined where there is none. */
  readonly links: {
    readonly runbook: string;
    readonly console: string;
    readonly traces: string | undefined;
  };
  /** Alerts that belong to no SLO. */
  readonly alerts: readonly AlertingRule[];
}

const MAX_PORT = 65_535;
const port = z.int().min(1).max(MAX_PORT);
const positive = durationField.refine(length => length > 0, 'must be longer than 0');
const duration = z.string().refine(text => parseDuration(text) !== undefined, 'not a duration such as 30s');

const alert = z.strictObject({
  alert: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'not an alert name'),
  expr: z.string(),
  for: duration.optional(),
  keep_firing_for: duration.optional(),
  labels: z.record(labelNameField, z.string()).default({}),
  annotations: stringMapField.default({}),
});

const process = {
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]*$/, 'not a name: letters, digits, _ and -'),
  host: z.string().default('127.0.0.1'),
  port,
  compose_host: z.string().optional(),
};

const schema = z.strictObject({
  services: z
    .array(
      z.strictObject({
        ...process,
        metrics_path: z.string().startsWith('/').default('/metrics'),
        labels: z.record(labelNameField, z.string()).default({}),
      }),
    )
    .min(1),
  receiver: z.strictObject(process),
  ports: z.strictObject(
    Object.fromEntries(SURFACES.map(name => [name, port])) as Record<Surface, typeof port>,
  ),
  intervals: z.strictObject({
    scrape: positive,
    evaluation: positive,
    group_wait: durationField,
    group_interval: positive,
    repeat_interval: positive,
  }),
  watchdog: z
    .strictObject({ interval: positive, late_after: positive })
    .refine(({ interval, late_after }) => late_after >= 2 * interval, {
      path: ['late_after'],
      error: 'must be at least twice the interval: a single heartbeat may be late without harm',
    }),
  retention: positive,
  routing: z.strictObject({
    group_by: z.array(labelNameField).min(1),
    inhibit_equal: z.array(labelNameField).min(1),
  }),
  links: z.strictObject({ runbook: z.string(), console: z.url(), traces: z.string().optional() }),
  alerts: z.array(alert).default([]),
});

type StackFile = z.infer<typeof schema>;

/**
 * Reads `stack.yaml`.
 *
 * @throws UserError with every problem and its place: shapes, ports and names used twice, ports that browsers refuse, alerts
 *   that are not PromQL
 */
export function loadStack(file: string, text: string): Stack {
  const source = readOneYaml(file, text);
  const given = checkShape<StackFile>(schema, source);
  const problems = [
    ...alertProblems(given, source),
    ...clashProblems(given, source),
    ...blockedPortProblems(given, source),
  ];
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  return stackOf(given);
}

function stackOf(given: StackFile): Stack {
  const { intervals, routing } = given;
  return {
    services: given.services.map(({ compose_host, metrics_path, labels, ...service }) => ({
      ...service,
      composeHost: compose_host ?? service.name,
      metricsPath: metrics_path,
      labels: { service: service.name, ...labels },
    })),
    receiver: processOf(given.receiver),
    ports: given.ports,
    intervals: {
      scrape: intervals.scrape,
      evaluation: intervals.evaluation,
      groupWait: intervals.group_wait,
      groupInterval: intervals.group_interval,
      repeatInterval: intervals.repeat_interval,
    },
    watchdog: { interval: given.watchdog.interval, lateAfter: given.watchdog.late_after },
    retention: given.retention,
    routing: { groupBy: routing.group_by, inhibitEqual: routing.inhibit_equal },
    links: { ...given.links, traces: given.links.traces },
    alerts: given.alerts,
  };
}

const processOf = ({ compose_host, ...rest }: StackFile['receiver']): StackProcess => ({
  ...rest,
  composeHost: compose_host ?? rest.name,
});

function alertProblems({ alerts }: StackFile, source: YamlSource): Problem[] {
  return alerts.flatMap(({ expr }, i) => {
    try {
      parseExpr(expr);
      return [];
    } catch (error) {
      return [source.problemAt(['alerts', i, 'expr'], { code: 'bad-expression', message: messageOf(error) })];
    }
  });
}

interface NamedPort {
  readonly name: string;
  readonly port: number;
  /** Where its name or its port stands. */
  readonly place: (field: 'name' | 'port') => (string | number)[];
}

/** Everything that has a port, in the order of the file. */
const namedPorts = ({ services, receiver, ports }: StackFile): NamedPort[] => [
  ...services.map(({ name, port }, i) => ({ name, port, place: (field: string) => ['services', i, field] })),
  { name: receiver.name, port: receiver.port, place: field => ['receiver', field] },
  ...SURFACES.map(name => ({ name, port: ports[name], place: () => ['ports', name] })),
];

const blockedPortProblems = (given: StackFile, source: YamlSource): Problem[] =>
  namedPorts(given).flatMap(({ name, port, place }) => {
    const problem = blockedPortProblem(name, port);
    return problem ? [source.problemAt(place('port'), problem)] : [];
  });

/** The values that stand at several places, each but the first reported. */
function clashProblems(given: StackFile, source: YamlSource): Problem[] {
  return namedPorts(given).flatMap(({ name, port: number, place }, i, named) => {
    const earlier = named.slice(0, i);
    const samePort = earlier.find(other => other.port === number);
    return [
      ...(earlier.some(other => other.name === name)
        ? [source.problemAt(place('name'), { code: 'duplicate-name', message: `${name} is named twice` })]
        : []),
      ...(samePort
        ? [
            source.problemAt(place('port'), {
              code: 'duplicate-port',
              message: `port ${number} is also that of ${samePort.name}`,
            }),
          ]
        : []),
    ];
  });
}

/**
 * The stack with other ports, by the name of a service, the receiver or a surface; 0 stands for any free port.
 *
 * @throws UserError `unknown-port-name`, `bad-port` or `blocked-port`
 */
export function withPorts(stack: Stack, overrides: Readonly<Record<string, number>>): Stack {
  const names = [...stack.services.map(({ name }) => name), stack.receiver.name, ...SURFACES];
  for (const [name, number] of Object.entries(overrides)) {
    if (!names.includes(name)) {
      throw new UserError('unknown-port-name', `nothing is named ${JSON.stringify(name)}`, {
        remedy: `known names: ${names.join(', ')}`,
      });
    }
    if (!Number.isInteger(number) || number < 0 || number > MAX_PORT) {
      throw new UserError('bad-port', `port of ${name} must be a whole number from 0 to ${MAX_PORT}`);
    }
    const blocked = blockedPortProblem(name, number);
    if (blocked) throw UserError.ofProblems([blocked]);
  }
  const moved = <P extends StackProcess>(part: P): P => ({
    ...part,
    port: overrides[part.name] ?? part.port,
  });
  const ports = Object.fromEntries(SURFACES.map(name => [name, overrides[name] ?? stack.ports[name]]));
  return {
    ...stack,
    services: stack.services.map(moved),
    receiver: moved(stack.receiver),
    ports: ports as Record<Surface, number>,
  };
}
