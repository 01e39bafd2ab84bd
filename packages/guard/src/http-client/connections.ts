import { Agent, type Dispatcher } from 'undici';
import type { TlsConfig } from './client-config.ts';
import { readTlsMaterial, type TlsMaterial, tlsOptions } from './tls-context.ts';

/** The connections of a client; certificates that change on disk hold for those that come after. */
export interface Connections {
  /** @throws UserError `unreadable-secret`, `bad-certificate` */
  current(): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** Idle connections outlive usual scrape intervals, as those of Prometheus do. */
const KEEP_ALIVE_MS = 300_000;
const CONNECT_TIMEOUT_MS = 30_000;

export function createConnections(tls: TlsConfig, unixSocket: string | undefined): Connections {
  let agent: Agent | undefined;
  let material: TlsMaterial | undefined;

  function connect(fresh: TlsMaterial): Agent {
    return new Agent({
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // The caller's signal limits a request as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        ...tlsOptions(tls, fresh),
        timeout: CONNECT_TIMEOUT_MS,
        ...(unixSocket !== undefined && { socketPath: unixSocket }),
      },
    });
  }

  return {
    async current() {
      const fresh = await readTlsMaterial(tls);
      if (agent && material && isSame(material, fresh)) return agent;
      const old = agent;
      agent = connect(fresh);
      material = fresh;
      // Requests under way end on the old connections.
      old?.close().catch(() => {});
      return agent;
    },
    close: () => agent?.destroy() ?? Promise.resolve(),
  };
}

const isSame = (a: TlsMaterial, b: TlsMaterial) => a.ca === b.ca && a.cert === b.cert && a.key === b.key;
