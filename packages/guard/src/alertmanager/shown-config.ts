import { stringify } from 'yaml';

const SECRET_FIELDS = new Set(['url', 'password', 'credentials', 'bearer_token', 'secrets']);

/** The configuration as the status view shows it: what was read, written anew, with `<secret>` for secrets. */
export function showConfig(document: unknown): string {
  return stringify(hideSecrets(document));
}

function hideSecrets(value: unknown, parent = ''): unknown {
  if (Array.isArray(value)) return value.map(each => hideSecrets(each, parent));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isSecret = SECRET_FIELDS.has(name) || (parent === 'tls_config' && name === 'key');
      return [name, isSecret ? hidden(inner) : hideSecrets(inner, name)];
    }),
  );
}

function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  return typeof value === 'object' ? hideSecrets(value) : '<secret>';
}
