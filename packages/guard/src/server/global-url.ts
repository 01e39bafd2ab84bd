const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/)(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?(.*)$/is;

/**
 * A target's address as others reach it (web/api/v1 `getGlobalURL`): a loopback address becomes the host of
 * `externalUrl`, and the server's own becomes `externalUrl` itself up to the path.
 *
 * @param ownAddress `host:port` of this server's API
 */
export function globalUrl(url: string, ownAddress: string, externalUrl: string): string {
  const [, , host = '', port, rest] = PARTS.exec(url) ?? [];
  const [, scheme = '', externalHost = '', externalPort] = PARTS.exec(externalUrl) ?? [];
  if (externalHost === '' || !LOCAL_HOSTS.includes(host)) return url;
  const isOwn = port !== undefined && ownAddress.endsWith(`:${port}`);
  if (isOwn) return scheme + externalHost + withColon(externalPort) + rest;
  return PARTS.exec(url)![1] + externalHost + withColon(port) + rest;
}

const withColon = (port: string | undefined) => (port === undefined ? '' : `:${port}`);
