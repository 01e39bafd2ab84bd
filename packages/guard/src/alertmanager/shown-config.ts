import { stringify } from 'yaml';
import { isAlertmanagerSecret, type Path } from '../config/index.ts';
import { hideUserinfo } from '../core/index.ts';

/** The configuration as the status view shows it: what was read, written anew, with `<secret>` for secrets. */
export function showConfig(document: unknown): string {
  return stringify(hideSecrets(document, []));
}

function hideSecrets(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((each, i) => hideSecrets(each, [...path, i]));
  if (typeof value === 'string' && hasAddresses(path) && !isAlertmanagerSecret(path))
    return hideUserinfo(value);
  if (typeof value !== 'object' || value === null)
    return value !== null && value !== '' && isAlertmanagerSecret(path) ? '<secret>' : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, hideSecrets(inner, [...path, name])]),
  );
}

/** Elsewhere, texts say which alerts go where: amtool tests routes by them. */
const hasAddresses = ([section]: Path) => section === 'receivers' || section === 'global';
