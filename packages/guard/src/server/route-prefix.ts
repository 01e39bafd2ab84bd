import { hideUserinfo, UserError } from '../core/index.ts';
import type { GuardOptions } from './guard-options.ts';

/**
 * The path that the metrics surface lies under: `--web.route-prefix`, or else the path of `--web.external-url`, as in
 * Prometheus. '' or `/path`, without a slash at the end.
 *
 * @throws UserError `bad-option`
 */
export function routePrefixOf({
  routePrefix,
  externalUrl,
}: Pick<GuardOptions, 'routePrefix' | 'externalUrl'>): string {
  const isAddress = externalUrl === undefined || (URL.canParse(externalUrl) && /^https?:/i.test(externalUrl));
  if (!isAddress)
    throw new UserError(
      'bad-option',
      `--web.external-url: ${JSON.stringify(hideUserinfo(externalUrl))} is not an address such as http://host:9090/path`,
    );
  if (routePrefix !== undefined) return trimmed(routePrefix);
  return externalUrl === undefined ? '' : trimmed(new URL(externalUrl).pathname);
}

function trimmed(path: string): string {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}
