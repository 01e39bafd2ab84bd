import { isNonEmpty, type Path, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';

/** Options of HTTP clients that are carried out nowhere. */
const CLIENT_OPTIONS = ['no_proxy', 'oauth2', 'proxy_connect_header', 'proxy_from_environment', 'proxy_url'];
/** Service discovery, as every section calls it. */
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
  'elasticache',
  'eureka',
  'gce',
  'hetzner',
  'ionos',
  'kubernetes',
  'kuma',
  'lightsail',
  'linode',
  'marathon',
  'msk',
  'nerve',
  'nomad',
  'oci',
  'openstack',
  'outscale',
  'ovhcloud',
  'puppetdb',
  'rds',
  'scaleway',
  'serverset',
  'stackit',
  'triton',
  'uyuni',
  'vultr',
].map(kind => `${kind}_sd_configs`);

/** Keys that a real Prometheus knows and that are not carried out here (config/config.go of Prometheus 3.16). */
const UNSUPPORTED: ReadonlyArray<readonly [section: readonly string[], keys: readonly string[]]> = [
  [[], ['remote_read', 'remote_write', 'runtime', 'tracing']],
  [
    ['global'],
    [
      'query_log_file',
      'query_max_duration',
      'query_max_samples_read',
      'query_max_series',
      'scrape_failure_log_file',
    ],
  ],
  [['storage'], ['tsdb']],
  [
    ['alerting', 'alertmanagers', '*'],
    [...CLIENT_OPTIONS, ...DISCOVERY, 'sigv4'],
  ],
  [['alerting', 'alertmanagers', '*', 'http_sd_configs', '*'], CLIENT_OPTIONS],
  [
    ['scrape_configs', '*'],
    [...CLIENT_OPTIONS, ...DISCOVERY, 'scrape_failure_log_file'],
  ],
  [['scrape_configs', '*', 'http_sd_configs', '*'], CLIENT_OPTIONS],
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
