/** Telemetry configured wrongly: one line that names the variable, its value and the remedy. */
export class TelemetryConfigError extends Error {
  override readonly name = 'TelemetryConfigError';
}

/** How OTLP travels. `http/json` is refused by name: it costs more and gains nothing between programs. */
export type OtlpProtocol = 'grpc' | 'http/protobuf';

export type Propagator = 'tracecontext' | 'baggage';

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** What the OTEL_* variables say, with the specification's defaults filled in. Times in milliseconds. */
export interface TelemetryConfig {
  readonly disabled: boolean;
  /** `none` exports nothing, and each span is counted as lost to it. */
  readonly exporter: 'otlp' | 'none';
  readonly protocol: OtlpProtocol;
  readonly sampler: SamplerName;
  /** 0…1; of use to the ratio samplers alone. */
  readonly samplerRatio: number;
  readonly propagators: readonly Propagator[];
  readonly batch: {
    readonly scheduleDelayMs: number;
    readonly exportTimeoutMs: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as unset (OpenTelemetry specification, "Parsing empty value"). */
function text(env: Environment, ...names: string[]): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function choice<T extends string>(env: Environment, names: string[], allowed: readonly T[], fallback: T): T {
  const found = text(env, ...names);
  if (found === undefined) return fallback;
  const match = allowed.find(candidate => candidate === found.value);
  if (match !== undefined) return match;
  throw new TelemetryConfigError(
    `${found.name}=${found.value} is not supported; use one of ${allowed.join(', ')}`,
  );
}

function number(
  env: Environment,
  name: string,
  fallback: number,
  bounds: { min: number; max: number; integer: boolean },
): number {
  const found = text(env, name);
  if (found === undefined) return fallback;
  const value = Number(found.value);
  const fits = value >= bounds.min && value <= bounds.max && (!bounds.integer || Number.isInteger(value));
  if (fits) return value;
  const kind = bounds.integer ? 'a whole number' : 'a number';
  throw new TelemetryConfigError(
    `${name}=${found.value} must be ${kind} from ${bounds.min} to ${bounds.max}`,
  );
}

function propagators(env: Environment): Propagator[] {
  const found = text(env, 'OTEL_PROPAGATORS');
  if (found === undefined) return ['tracecontext', 'baggage'];
  const names = found.value.split(',').map(name => name.trim());
  if (names.includes('none')) return [];
  for (const name of names) {
    if (name === 'tracecontext' || name === 'baggage') continue;
    throw new TelemetryConfigError(
      `OTEL_PROPAGATORS=${found.value}: ${name} is not supported; use tracecontext, baggage or none`,
    );
  }
  return names as Propagator[];
}

/** The exporter itself falls back to localhost when an address does not parse; here that is an error. */
function checkEndpoint(env: Environment): void {
  const found = text(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (found === undefined) return;
  const url = URL.parse(found.value);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new TelemetryConfigError(
    `${found.name}=${found.value} is not an http:// or https:// address, such as http://127.0.0.1:4318`,
  );
}

const MILLISECONDS = { min: 0, max: 3_600_000, integer: true };
const SPANS = { min: 1, max: 1_000_000, integer: true };

/**
 * Reads the OTEL_* variables. Endpoint, headers, timeout, compression and certificates are read by the exporter.
 * @throws {TelemetryConfigError} for a value that cannot be honoured; nothing falls back silently
 */
export function readTelemetryConfig(env: Environment): TelemetryConfig {
  checkEndpoint(env);
  const maxQueueSize = number(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048, SPANS);
  return {
    disabled: text(env, 'OTEL_SDK_DISABLED')?.value.toLowerCase() === 'true',
    exporter: choice(env, ['OTEL_TRACES_EXPORTER'], ['otlp', 'none'], 'otlp'),
    protocol: choice(
      env,
      ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
      ['grpc', 'http/protobuf'],
      'http/protobuf',
    ),
    sampler: choice(env, ['OTEL_TRACES_SAMPLER'], SAMPLERS, 'parentbased_always_on'),
    samplerRatio: number(env, 'OTEL_TRACES_SAMPLER_ARG', 1, { min: 0, max: 1, integer: false }),
    propagators: propagators(env),
    batch: {
      scheduleDelayMs: number(env, 'OTEL_BSP_SCHEDULE_DELAY', 5000, MILLISECONDS),
      exportTimeoutMs: number(env, 'OTEL_BSP_EXPORT_TIMEOUT', 30_000, MILLISECONDS),
      maxQueueSize,
      maxExportBatchSize: Math.min(maxQueueSize, number(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, SPANS)),
    },
  };
}
