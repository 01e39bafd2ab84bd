import { arch, homedir, platform } from 'node:os';
import { join } from 'node:path';

/** A program of somebody else's that the system tests compare with, built from its pinned Go module. */
export interface Peer {
  readonly name: string;
  /** The module's path and version, as `go mod download` takes them. */
  readonly module: string;
  /** The version that its users know, where it is stamped in, and printed. */
  readonly version: string;
  /** What is built: the program's name, and its package within the module. */
  readonly programs: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** The variable that `-X` stamps the version into. */
  readonly versionVariable?: string;
  /** The built program is itself a builder: the file it reads, and its arguments. What it makes is in `./assembled`. */
  readonly assemble?: { readonly file: string; readonly content: string; readonly args: readonly string[] };
  /** Files that the sources embed but the module leaves out. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** How long a build takes with an empty build cache on two cores, in seconds. */
  readonly seconds: number;
}

const PROMETHEUS_VERSION = 'github.com/prometheus/common/version.Version';

const COLLECTOR_VERSION = '0.155.0';

/** The Collector with what deploy/otel-collector/config.yaml uses, and the exporter over HTTP. */
const COLLECTOR_MANIFEST = `dist:
  name: otelcol
  version: ${COLLECTOR_VERSION}
  output_path: ./assembled
receivers:
  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v${COLLECTOR_VERSION}
processors:
  - gomod: go.opentelemetry.io/collector/processor/batchprocessor v${COLLECTOR_VERSION}
  - gomod: go.opentelemetry.io/collector/processor/memorylimiterprocessor v${COLLECTOR_VERSION}
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/otlpexporter v${COLLECTOR_VERSION}
  - gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter v${COLLECTOR_VERSION}
  - gomod: go.opentelemetry.io/collector/exporter/debugexporter v${COLLECTOR_VERSION}
extensions:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension v${COLLECTOR_VERSION}
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider v1.61.0
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider v1.61.0
  - gomod: go.opentelemetry.io/collector/confmap/provider/yamlprovider v1.61.0
`;

/** The peers, quickest first. The versions are those of the images that the compose files name. */
export const PEERS: readonly Peer[] = [
  {
    name: 'actionlint',
    module: 'github.com/rhysd/actionlint@v1.7.12',
    version: '1.7.12',
    programs: { actionlint: './cmd/actionlint' },
    seconds: 5,
  },
  {
    name: 'compose',
    // Later ones want a newer Go.
    module: 'github.com/docker/compose/v5@v5.1.0',
    version: 'v5.1.0',
    programs: { 'docker-compose': './cmd' },
    versionVariable: 'github.com/docker/compose/v5/internal.Version',
    seconds: 75,
  },
  {
    name: 'prometheus',
    module: 'github.com/prometheus/prometheus@v0.316.0',
    version: '3.16.0',
    programs: { prometheus: './cmd/prometheus', promtool: './cmd/promtool' },
    // Static, file and HTTP discovery stay; the clouds' clients take ten minutes to build.
    flags: ['-tags', 'remove_all_sd'],
    versionVariable: PROMETHEUS_VERSION,
    seconds: 70,
  },
  {
    name: 'alertmanager',
    module: 'github.com/prometheus/alertmanager@v0.34.2',
    version: '0.34.2',
    programs: { alertmanager: './cmd/alertmanager', amtool: './cmd/amtool' },
    versionVariable: PROMETHEUS_VERSION,
    placeholders: { 'ui/app/dist/index.html': '<!doctype html><title>Alertmanager</title>' },
    seconds: 120,
  },
  {
    name: 'sloth',
    module: 'github.com/slok/sloth@v0.16.0',
    version: 'v0.16.0',
    programs: { sloth: './cmd/sloth' },
    versionVariable: 'github.com/slok/sloth/internal/info.Version',
    seconds: 100,
  },
  {
    name: 'pyrra',
    // The module proxy has no 0.10.0.
    module: 'github.com/pyrra-dev/pyrra@v0.10.1',
    version: '0.10.1',
    programs: { pyrra: '.' },
    placeholders: { 'ui/build/index.html': '<!doctype html><title>Pyrra</title>' },
    seconds: 180,
  },
  {
    name: 'collector',
    module: `go.opentelemetry.io/collector/cmd/builder@v${COLLECTOR_VERSION}`,
    version: COLLECTOR_VERSION,
    programs: { otelcol: '.' },
    assemble: {
      file: 'manifest.yaml',
      content: COLLECTOR_MANIFEST,
      args: ['--config=manifest.yaml'],
    },
    seconds: 150,
  },
  {
    name: 'jaeger',
    // Jaeger 2.13.0, by the number that its module has.
    module: 'github.com/jaegertracing/jaeger@v1.76.0',
    version: '2.13.0',
    programs: { jaeger: './cmd/jaeger' },
    versionVariable: 'github.com/jaegertracing/jaeger/internal/version.latestVersion',
    seconds: 480,
  },
];

/** Where the peers are kept, outside the checkout: `SLO_GUARD_CACHE` or `~/.cache/slo-guard`. */
export const cacheFolder = (): string =>
  join(process.env.SLO_GUARD_CACHE ?? join(homedir(), '.cache/slo-guard'), 'peers');

/** The folder of one peer's programs; another version, or machine, is another folder. */
export const peerFolder = (peer: Peer): string =>
  join(cacheFolder(), `${peer.name}-${peer.version}-${platform()}-${arch()}`);

/** The path of a program, whether it has been built or not. Throws for a name that no peer has. */
export function programPath(program: string): string {
  const peer = PEERS.find(({ programs }) => program in programs);
  if (!peer) throw new Error(`BUG: no peer has the program ${program}`);
  return join(peerFolder(peer), program);
}
