import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { UserError } from '../core/index.ts';
import type { Surface } from './guard-options.ts';

/** Binds an application; gives the port in use. @throws UserError `port-in-use` naming the flag that moves it */
export async function listenHttp(
  app: FastifyInstance,
  surface: Surface,
  host: string,
  port: number,
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw bindError(error, surface, host, port);
  }
  return (app.server.address() as AddressInfo).port;
}

export function bindError(error: unknown, surface: Surface, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  return new UserError('port-in-use', `port ${port} on ${host} for ${surface} cannot be bound (${code})`, {
    remedy: `stop what listens there, or move it: --${surface}-port N`,
  });
}
