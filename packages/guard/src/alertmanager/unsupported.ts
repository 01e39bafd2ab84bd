import type { Path, YamlSource } from '../config/index.ts';
import type { Problem } from '../core/index.ts';
import { INTEGRATION_KINDS } from './receivers/config.ts';

const REMEDY =
  'point `alerting:` in the Prometheus file at a real Alertmanager, which knows it, or remove it';

/** Alertmanager's fields that the embedded router does not serve, by where they stand. */
const FIELDS = {
  top: ['tracing', 'event_recorder'],
  pagerduty: ['service_key', 'service_key_file'],
  http: ['oauth2', 'proxy_url', 'no_proxy', 'proxy_from_environment', 'proxy_connect_header'],
  basicAuth: ['username_ref', 'password_ref'],
  authorization: ['credentials_ref'],
} as const;

/** The receivers that are carried out. */
const SUPPORTED: ReadonlySet<string> = new Set(INTEGRATION_KINDS.map(kind => `${kind}_configs`));

/** The prefixes of `global` settings for the others. */
const GLOBAL = /^(opsgenie|wechat|victorops|telegram|webex|jira|rocketchat|mattermost)_/;

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What a configuration asks of Alertmanager that the embedded router cannot do, each by name and at its place. */
export function findUnsupported(source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: Path) =>
    problems.push(
      source.problemAtKey(path, {
        code: 'unsupported-field',
        message: `the embedded alert router does not support ${JSON.stringify(path.at(-1))}`,
        remedy: REMEDY,
      }),
    );
  const refuseAny = (value: unknown, names: readonly string[], path: Path) => {
    const fields = fieldsOf(value);
    for (const name of names) if (isSet(fields[name])) refuse([...path, name]);
  };

  function http(value: unknown, path: Path): void {
    refuseAny(value, FIELDS.http, path);
    const fields = fieldsOf(value);
    refuseAny(fields.basic_auth, FIELDS.basicAuth, [...path, 'basic_auth']);
    refuseAny(fields.authorization, FIELDS.authorization, [...path, 'authorization']);
  }

  function route(value: unknown, path: Path): void {
    for (const [i, child] of listOf(fieldsOf(value).routes).entries()) route(child, [...path, 'routes', i]);
  }

  function receiver(value: unknown, path: Path): void {
    for (const [name, configs] of Object.entries(fieldsOf(value))) {
      if (!name.endsWith('_configs')) continue;
      if (!SUPPORTED.has(name)) {
        refuse([...path, name]);
        continue;
      }
      for (const [i, config] of listOf(configs).entries()) {
        const at = [...path, name, i];
        if (name === 'pagerduty_configs') refuseAny(config, FIELDS.pagerduty, at);
        http(fieldsOf(config).http_config, [...at, 'http_config']);
      }
    }
  }

  const top = fieldsOf(source.value);
  refuseAny(top, FIELDS.top, []);
  for (const name of Object.keys(fieldsOf(top.global))) if (GLOBAL.test(name)) refuse(['global', name]);
  http(fieldsOf(top.global).http_config, ['global', 'http_config']);
  route(top.route, ['route']);
  for (const [i, each] of listOf(top.receivers).entries()) receiver(each, ['receivers', i]);
  return problems;
}

/** An empty list asks for nothing. */
const isSet = (value: unknown) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
