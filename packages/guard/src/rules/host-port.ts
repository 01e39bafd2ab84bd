import { isIP } from 'node:net';

interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** Go's net.SplitHostPort; undefined for what it refuses. */
function splitHostPort(address: string): HostPort | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(address);
  return match ? { host: match[1] ?? match[2]!, port: match[3]! } : undefined;
}

/** The address without its port. */
export const stripPort = (address: string): string => splitHostPort(address)?.host ?? address;

/** The host's first part, with the port; addresses by number stay as they are. */
export function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: '' };
  if (isIP(host) !== 0) return address;
  const short = host.split('.')[0]!;
  if (port === '') return short;
  return short.includes(':') ? `[${short}]:${port}` : `${short}:${port}`;
}
