import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CaseAnswer } from './receiver-case.ts';

/** A request as it came. */
export interface HttpRecord {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** As they were written, with lower-case names, in order of these. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Receivers that keep what they get, one for each first segment of the path. */
export interface HttpFake {
  readonly host: string;
  of(name: string): readonly HttpRecord[];
  stop(): Promise<void>;
}

/** @param answersOf what the receiver of a name answers, one request after the other; the last one stays */
export async function startHttpFake(answersOf: (name: string) => readonly CaseAnswer[]): Promise<HttpFake> {
  const records = new Map<string, HttpRecord[]>();
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const name = request.url!.split('/')[1]!;
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const own = records.get(name) ?? [];
    records.set(name, own);
    own.push({ at, method: request.method!, path: request.url!, headers: headersOf(request), body });
    const answers = answersOf(name);
    respond(answers[Math.min(own.length, answers.length) - 1]!, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    of: name => records.get(name) ?? [],
    stop() {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

function headersOf({ rawHeaders }: IncomingMessage) {
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!]);
  return pairs.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

function respond(answer: CaseAnswer, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
