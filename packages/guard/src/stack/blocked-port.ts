import type { Problem } from '../core/index.ts';
import { BLOCKED_PORTS } from '../http-client/index.ts';

/** The part whose port no browser needs to ask: gRPC clients do not heed the table of blocked ports. */
const NOT_BROWSED = 'otlp_grpc';

/** What is wrong with the port of a part: that no browser asks it. Undefined where it will do. */
export function blockedPortProblem(name: string, port: number): Problem | undefined {
  if (name === NOT_BROWSED || !BLOCKED_PORTS.has(port)) return undefined;
  return {
    code: 'blocked-port',
    message: `browsers refuse port ${port}: nobody could open ${name} there`,
    remedy: `choose another port, such as ${usablePort(port)}`,
  };
}

/** The first port from `port` on that browsers ask. */
export function usablePort(port: number): number {
  return BLOCKED_PORTS.has(port) ? usablePort(port + 1) : port;
}
