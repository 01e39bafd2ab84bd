import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes notifications and tells of each at once. */
export interface Receiver {
  readonly url: string;
  close(): void;
}

/** @param onNotification told the body and when it was there whole, by `performance.now` */
export async function startReceiver(onNotification: (body: string, at: number) => void): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      onNotification(Buffer.concat(chunks).toString('utf8'), performance.now());
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
