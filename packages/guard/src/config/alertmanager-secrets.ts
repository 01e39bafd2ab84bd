import type { Path } from './yaml-source.ts';

/** Where secrets stand, by the name of the field and of what it belongs to; Alertmanager's Secret and SecretURL types. */
const ANYWHERE: ReadonlySet<string> = new Set([
  'password',
  'credentials',
  'bearer_token',
  'secrets',
  'api_url',
  'app_token',
  'routing_key',
  'service_key',
  'auth_password',
  'auth_secret',
  'slack_api_url',
  'slack_app_token',
  'smtp_auth_password',
  'smtp_auth_secret',
]);

/** Whether the scalar at this path of an Alertmanager file must not be shown. */
export function isAlertmanagerSecret(path: Path): boolean {
  const names = path.filter(key => typeof key === 'string');
  const [field, parent] = [names.at(-1), names.at(-2)];
  if (field === undefined) return false;
  if (field === 'url') return parent === 'webhook_configs';
  if (field === 'key') return parent === 'tls_config' || parent === 'smtp_tls_config';
  return ANYWHERE.has(field);
}
