import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Milliseconds, toSeconds } from '../core/index.ts';

/** What the parser's refusals mean to the client; every other is a bad request. */
const REFUSALS: Readonly<Record<string, (timeout: Milliseconds) => readonly [status: number, why: string]>> =
  {
    ERR_HTTP_REQUEST_TIMEOUT: timeout => [408, `the request did not arrive within ${toSeconds(timeout)} s`],
    HPE_HEADER_OVERFLOW: () => [431, 'the request line and headers exceed the 1048576 bytes limit'],
  };

/** Answers, on a server's own connections, what never becomes a request: it came too slowly, or is no HTTP. */
export function refuseUnreadable(server: Server, timeout: Milliseconds): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => answers.set(socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket);
    // Under way, or given before the request had arrived whole: nothing may follow it.
    const isAnswered = answer?.headersSent === true && !(answer.writableEnded && answer.req.complete);
    if (!socket.writable || isAnswered) return socket.destroy();
    const [status, why] = REFUSALS[error.code ?? '']?.(timeout) ?? [400, 'the request is not HTTP/1.1'];
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'connection: close',
        'content-type: text/plain; charset=utf-8',
        `content-length: ${Buffer.byteLength(why) + 1}`,
        '',
        `${why}\n`,
      ].join('\r\n'),
    );
    return undefined;
  });
}
