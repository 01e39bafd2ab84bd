import type { SilenceLimits } from '../alertmanager/index.ts';
import type { Milliseconds } from '../core/index.ts';
import type { QueueOptions } from '../notifier/index.ts';
import type { Features } from './features.ts';
import type { WriteMessage } from './remote-write-content-type.ts';

/** The ports of the guard; a stack moves each of them. */
export const SURFACES = [
  'prometheus',
  'alertmanager',
  'otlp-grpc',
  'otlp-http',
  'jaeger',
  'console',
] as const;
export type Surface = (typeof SURFACES)[number];

/** 0 for any free port; off: not served. */
export type PortChoice = number | 'off';

/** Everything that decides how a guard process behaves. */
export interface GuardOptions {
  readonly prometheusConfig: string;
  readonly alertmanagerConfig: string;
  readonly dataDirectory: string;
  /** A folder of SLO files whose rules run beside those of the rule files; watched. Undefined for none. */
  readonly slosDirectory: string | undefined;
  /** The address that every surface binds to. */
  readonly listen: string;
  readonly allowedHosts: readonly string[];
  readonly ports: Readonly<Record<Surface, PortChoice>>;
  readonly retention: Milliseconds;
  /** Bytes that the sample store may use on disk; 0 for no limit. */
  readonly retentionBytes: number;
  readonly lookbackDelta: Milliseconds;
  readonly queryTimeout: Milliseconds;
  readonly maxSamples: number;
  readonly resendDelay: Milliseconds;
  readonly forGracePeriod: Milliseconds;
  readonly forOutageTolerance: Milliseconds;
  /** What `--enable-feature` asks for. */
  readonly features: Features;
  /** Where people reach the metrics surface; its own address where it is left out. */
  readonly externalUrl: string | undefined;
  /** The path that the metrics surface lies under; that of `externalUrl` where it is left out. */
  readonly routePrefix: string | undefined;
  /** Regular expression of the origins whose pages may ask the metrics API; none where it is left out. */
  readonly corsOrigin: string | undefined;
  /** Serve `/api/v1/admin/tsdb/…`, which deletes samples. */
  readonly enableAdminApi: boolean;
  /** Serve `/api/v1/write`, and which of its messages. */
  readonly enableRemoteWriteReceiver: boolean;
  readonly acceptedWriteMessages: readonly WriteMessage[];
  /** Serve `/api/v1/otlp/v1/metrics`. */
  readonly enableOtlpReceiver: boolean;
  /** Carry out `/-/reload` and `/-/quit`. */
  readonly enableLifecycle: boolean;
  /** How alerts wait for the Alertmanagers that are listed. */
  readonly notificationQueue: QueueOptions;
  /** Hand alerts to the embedded router too where `alerting:` lists others. */
  readonly alsoRouteEmbedded: boolean;
  /** How many silences the embedded router keeps, and how large each may be. */
  readonly silenceLimits: SilenceLimits;
  /** Pages of other parts, for links on the console. */
  readonly links: { readonly receiver?: string; readonly serviceA?: string; readonly serviceB?: string };
  readonly version: string;
  /** The command line's flags as given, for `/api/v1/status/flags`. */
  readonly flags: Readonly<Record<string, string>>;
}
