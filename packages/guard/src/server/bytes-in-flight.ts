import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What a body of unknown size counts as. */
const UNKNOWN_BYTES = 1024 * 1024;

/**
 * Keeps the sum of announced body sizes below a bound. `refuse` makes the error for requests beyond it; a request
 * that is alone is never refused.
 */
export function limitBytesInFlight(app: FastifyInstance, maxBytes: number, refuse: () => Error): void {
  const held = new WeakMap<FastifyRequest, number>();
  let inFlight = 0;
  const release = (request: FastifyRequest) => {
    inFlight -= held.get(request) ?? 0;
    held.delete(request);
  };
  app.addHook('onRequest', async request => {
    const announced = request.headers['content-length'];
    const bytes = announced === undefined ? UNKNOWN_BYTES : Number(announced);
    if (inFlight > 0 && inFlight + bytes > maxBytes) throw refuse();
    inFlight += bytes;
    held.set(request, bytes);
  });
  app.addHook('onResponse', async request => release(request));
  app.addHook('onRequestAbort', async request => release(request));
}
