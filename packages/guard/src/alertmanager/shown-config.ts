import { stringify } from 'yaml';

const SECRET_FIELDS = new Set(['url', 'password', 'credentials', 'bearer_token']);

/** The configuration as the status view shows it: what was read, written anew, with `<secret>` for secrets. */
export function showConfig(document: unknown): string {
  return stringify(hideSecrets(document));
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_FIELDS.has(name) && typeof inner !== 'object' ? '<secret>' : hideSecrets(inner),
    ]),
  );
}
