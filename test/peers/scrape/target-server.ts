import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Answer, type ScrapeCase, TEXT } from './case.ts';

/** The targets of all cases, on one address in the clear and one secured. */
export interface TargetServer {
  readonly address: string;
  readonly securedAddress: string;
  close(): Promise<void>;
}

export interface TargetServerOptions {
  readonly cases: readonly ScrapeCase[];
  /** Answers whatever is no case, by its path; undefined is a 404. */
  readonly other: (path: string) => Answer | undefined;
  readonly cert: string;
  readonly key: string;
}

export async function startTargets({ cases, other, cert, key }: TargetServerOptions): Promise<TargetServer> {
  const byName = new Map(cases.map(one => [one.name, one]));
  const scrapes = new Map<string, number>();

  /** Each engine gets the same answers in the same order, however far apart they scrape. */
  function count({ name }: ScrapeCase, request: IncomingMessage): number {
    const isRedirected = request.url?.endsWith('/there') ?? false;
    const engine = `${name} ${request.headers['user-agent']}`;
    const n = scrapes.get(engine) ?? 0;
    if (!isRedirected) scrapes.set(engine, n + 1);
    return n;
  }

  const listener: RequestListener = (request, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const one = byName.get(path.split('/')[1] ?? '');
    const answer = one ? one.answer(count(one, request), request) : (other(path) ?? { status: 404 });
    send(typeof answer === 'string' ? { body: answer } : answer, response);
  };
  const clear = await listen(createServer(listener));
  const secured = await listen(createTlsServer({ cert, key }, listener));
  return {
    address: addressOf(clear),
    securedAddress: addressOf(secured),
    async close() {
      for (const server of [clear, secured]) {
        server.closeAllConnections();
        await new Promise(resolve => server.close(resolve));
      }
    },
  };
}

function send(answer: Answer, response: ServerResponse): void {
  const { status = 200, type = TEXT, headers = {}, body = '', delay = 0, cut = false } = answer;
  const write = () => {
    response.writeHead(status, { ...headers, ...(type && { 'content-type': type }) });
    if (!cut) response.end(body);
    else response.write(body, () => response.destroy());
  };
  if (delay > 0) setTimeout(write, delay);
  else write();
}

async function listen<T extends Server>(server: T): Promise<T> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
