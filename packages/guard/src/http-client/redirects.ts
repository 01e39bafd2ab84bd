import type { HttpAnswer } from './http-client.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer leads; undefined when it is none that leads anywhere. */
export function redirectTarget(answer: HttpAnswer, url: string): string | undefined {
  const location = REDIRECTS.has(answer.status) ? answer.header('location') : undefined;
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

/** Whether the address is on the host of `origin` or on one below it (net/http `isDomainOrSubdomain`). */
export function staysWithin(url: string, origin: string): boolean {
  const host = new URL(url).hostname;
  const parent = new URL(origin).hostname;
  // `::1%.example.com` is no host below example.com.
  return host === parent || (!/[:%]/.test(host) && host.endsWith(`.${parent}`));
}
