import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** How much of a refused body is read and dropped, bytes: what the client has under way when it is answered. */
const MOST_DROPPED = 16 * 1024 * 1024;

/**
 * Lets a client read why its body was refused. The framework closes the connection right after the answer; with bytes of
 * the body still arriving, that resets it, and the answer is lost.
 */
export function tellWhyRefused(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode !== 413 || request.raw.complete) return;
    reply.removeHeader('connection');
    drop(request.raw);
  });
}

function drop(body: IncomingMessage): void {
  let dropped = 0;
  body.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > MOST_DROPPED) body.destroy();
  });
}
