import type { Path } from '../config/index.ts';

/** Keys whose values are secrets wherever they stand. */
const SECRETS: ReadonlySet<string | number> = new Set([
  'bearer_token',
  'client_certificate_key',
  'client_secret',
  'credentials',
  'password',
]);

/** Whether what stands at a path of a Prometheus configuration must not be shown (prometheus/common config.Secret). */
export function isSecretPath(path: Path): boolean {
  return path.some((key, depth) => {
    if (SECRETS.has(key)) return true;
    if (key === 'key') return path[depth - 1] === 'tls_config';
    return key === 'secrets' && path[depth - 2] === 'http_headers';
  });
}
