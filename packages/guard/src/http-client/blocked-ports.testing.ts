import { once } from 'node:events';
import type { Server } from 'node:net';
import { BLOCKED_PORTS } from './blocked-ports.ts';

/** Lets a server listen on a free port that `fetch` refuses, one that any user may bind; gives its number. */
export async function listenOnBlockedPort(server: Server): Promise<number> {
  const ports = [...BLOCKED_PORTS].filter(port => port > 1023);
  // Test files that run side by side begin at different ones.
  const first = process.pid % ports.length;
  for (const port of [...ports.slice(first), ...ports.slice(0, first)]) {
    try {
      const listening = once(server, 'listening');
      server.listen(port, '127.0.0.1');
      await listening;
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`none of the ports ${ports.join(', ')} is free`);
}
