import { isNonEmpty, type Path, type YamlSource } from '../config/index.ts';
import { type Problem, UserError } from '../core/index.ts';

/** How service discovery and client authentication are called in every section that has them. */
const CLIENT_AUTH = [
  'authorization',
  'basic_auth',
  'bearer_token',
  'bearer_token_file',
  'enable_http2',
  'follow_redirects',
  'http_headers',
  'no_proxy',
  'oauth2',
  'proxy_connect_header',
  'proxy_from_environment',
  'proxy_url',
  'tls_config',
];
const DISCOVERY = [
  'aws',
  'azure',
  'consul',
  'digitalocean',
  'dns',
  'docker',
  'dockerswarm',
  'ec2',
  'ecs',
  'eureka',
  'file',
  'gce',
  'hetzner',
  'http',
  'ionos',
  'kubernetes',
  'kuma',
  'lightsail',
  'linode',
  'marathon',
  'nerve',
  'nomad',
  'openstack',
  'outscale',
  'ovhcloud',
  'puppetdb',
  'scaleway',
  'serverset',
  'stackit',
  'triton',
  'uyuni',
  'vultr',
].map(kind => `${kind}_sd_configs`);

const SCRAPE_EXTRAS = [
  'always_scrape_classic_histograms',
  'convert_classic_histograms_to_nhcb',
  'extra_scrape_metrics',
  'keep_dropped_targets',
  'metric_name_escaping_scheme',
  'metric_name_validation_scheme',
  'scrape_failure_log_file',
  'scrape_native_histograms',
  'scrape_protocols',
  'target_limit',
];

/** Keys that a real Prometheus knows and that are not carried out here (config/config.go of Prometheus 3.16). */
const UNSUPPORTED: ReadonlyArray<readonly [section: readonly string[], keys: readonly string[]]> = [
  [[], ['otlp', 'remote_read', 'remote_write', 'runtime', 'scrape_config_files', 'tracing']],
  [
    ['global'],
    [...SCRAPE_EXTRAS, 'query_log_file', 'query_max_duration', 'query_max_samples_read', 'query_max_series'],
  ],
  [['storage'], ['tsdb']],
  [['alerting'], ['alert_relabel_configs']],
  [
    ['alerting', 'alertmanagers', '*'],
    [...CLIENT_AUTH, ...DISCOVERY, 'alert_relabel_configs', 'relabel_configs', 'sigv4'],
  ],
  [
    ['scrape_configs', '*'],
    [
      ...CLIENT_AUTH,
      ...DISCOVERY,
      ...SCRAPE_EXTRAS,
      'fallback_scrape_protocol',
      'native_histogram_bucket_limit',
      'native_histogram_min_bucket_factor',
      'track_timestamps_staleness',
    ],
  ],
];

/** @throws UserError `unsupported-field`, every one of them with its place */
export function refuseUnsupportedFields(source: YamlSource): void {
  const problems = UNSUPPORTED.flatMap(([section, keys]) =>
    sectionsAt(source.value, section, []).flatMap(({ path, value }) =>
      keys.filter(key => Object.hasOwn(value, key)).map(key => problemOf(source, [...path, key], key)),
    ),
  );
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
}

const problemOf = (source: YamlSource, path: Path, key: string): Problem =>
  source.problemAtKey(path, {
    code: 'unsupported-field',
    message: `slo-guard does not carry out ${key}`,
    remedy: `remove ${key}, or run a real Prometheus with this file and give slo-guard its address`,
  });

interface Section {
  readonly path: Path;
  readonly value: object;
}

/** The mappings that a section's path reaches; `*` stands for every entry of a list. */
function sectionsAt(value: unknown, steps: readonly string[], path: Path): Section[] {
  if (typeof value !== 'object' || value === null) return [];
  const [step, ...rest] = steps;
  if (step === undefined) return [{ path, value }];
  if (step === '*') {
    return Array.isArray(value) ? value.flatMap((item, i) => sectionsAt(item, rest, [...path, i])) : [];
  }
  return sectionsAt((value as Record<string, unknown>)[step], rest, [...path, step]);
}
