import { Agent, type OutgoingHttpHeaders, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** A client of one server that keeps its connections, so that a question costs no handshake. */
export interface HttpClient {
  get(path: string): Promise<HttpAnswer>;
  post(path: string, body: string | Uint8Array, headers: OutgoingHttpHeaders): Promise<HttpAnswer>;
  close(): void;
}

/** @param address host and port */
export function createHttpClient(address: string, connections = 4): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  function send(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: OutgoingHttpHeaders = {},
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request(
        `http://${address}${path}`,
        { method, agent, headers: { ...headers, ...length } },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return {
    get: path => send('GET', path),
    post: (path, body, headers) => send('POST', path, body, headers),
    close: () => agent.destroy(),
  };
}
