/** The longest name that every kind of resource may have. */
const MAX_LENGTH = 63;

/** A name as Kubernetes takes them: lower case letters, digits and hyphens (RFC 1123). */
export function resourceName(...parts: readonly string[]): string {
  const name = parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'slo' : name;
}
