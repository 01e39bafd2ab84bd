import type { ScrapeClient } from './scrape-client.ts';

/** The clients of a job: one for all its addresses, and one for each socket. */
export interface ClientPool {
  /** @param unixSocket '' for none */
  clientFor(unixSocket: string): ScrapeClient;
  close(): Promise<void>;
}

export function createClientPool(connect: (unixSocket: string) => ScrapeClient): ClientPool {
  const clients = new Map<string, ScrapeClient>();
  return {
    clientFor(unixSocket) {
      const client = clients.get(unixSocket) ?? connect(unixSocket);
      clients.set(unixSocket, client);
      return client;
    },
    async close() {
      await Promise.all([...clients.values()].map(client => client.close()));
      clients.clear();
    },
  };
}
