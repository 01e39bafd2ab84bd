import { compareStrings, type Labels } from '../core/index.ts';

/** What stays as it is in a path (net/url shouldEscape, encodePath). */
const PLAIN_IN_PATH = /[^A-Za-z0-9\-_.~$&+,/:;=@]/gu;

/** The address of a target's exposition, written as Go's url.URL writes it (scrape/target.go URL). */
export function targetUrl(labels: Labels, params: Readonly<Record<string, readonly string[]>>): string {
  const path = labels.get('__metrics_path__').replace(PLAIN_IN_PATH, percent);
  const slash = path === '' || path.startsWith('/') ? '' : '/';
  const query = queryOf(labels, params);
  const address = `${labels.get('__scheme__')}://${labels.get('__address__')}`;
  return `${address}${slash}${path}${query === '' ? '' : `?${query}`}`;
}

/** Labels `__param_<name>` say the first value of a parameter. */
function queryOf(labels: Labels, params: Readonly<Record<string, readonly string[]>>): string {
  const all = new Map(Object.entries(params));
  for (const [label, value] of labels) {
    if (!label.startsWith('__param_')) continue;
    const name = label.slice('__param_'.length);
    all.set(name, [value, ...(all.get(name) ?? []).slice(1)]);
  }
  return [...all]
    .sort(([a], [b]) => compareStrings(a, b))
    .flatMap(([name, values]) => values.map(value => `${escapeQuery(name)}=${escapeQuery(value)}`))
    .join('&');
}

/** Go's url.QueryEscape. */
const escapeQuery = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, percent)
    .replaceAll('%20', '+');

const percent = (text: string): string =>
  Array.from(Buffer.from(text), byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
