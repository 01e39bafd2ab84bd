import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import {
  ROUTER_NAMES,
  type RouterName,
  type RouterProcess,
  startRouter,
} from '../../test/peers/support/router-process.ts';

/** A router under measurement. */
export interface BenchRouter {
  readonly router: RouterProcess;
  readonly client: HttpClient;
  readonly folder: string;
}

export interface RouteTimes {
  readonly groupWait: string;
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
}

/** One route that groups by service; JSON is YAML. */
export function routingConfig(receiverUrl: string | undefined, times: RouteTimes): string {
  const { groupWait, groupInterval = '10s', repeatInterval = '4h' } = times;
  return JSON.stringify({
    route: {
      receiver: 'bench',
      group_by: ['alertname', 'service', 'slo'],
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: repeatInterval,
    },
    receivers: [{ name: 'bench', ...(receiverUrl && { webhook_configs: [{ url: receiverUrl }] }) }],
  });
}

/** Runs `work` on a fresh router and ends it, whatever happens. */
export async function withRouter<T>(
  name: RouterName,
  config: string,
  work: (router: BenchRouter) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `slo-guard-bench-${name}-`));
  try {
    const router = await startRouter(name, folder, config);
    const client = createHttpClient(router.address);
    try {
      return await work({ router, client, folder });
    } finally {
      client.close();
      await router.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same work on the real one, then on ours. */
export async function onBoth<T>(work: (name: RouterName) => Promise<T>): Promise<{ theirs: T; ours: T }> {
  const [theirs, ours] = ROUTER_NAMES;
  return { theirs: await work(theirs), ours: await work(ours) };
}

/** Both at the same time, each with its own state, so that their rounds can alternate. */
export const withBoth = <T>(
  config: string,
  work: (routers: Readonly<Record<RouterName, BenchRouter>>) => Promise<T>,
): Promise<T> =>
  withRouter('alertmanager', config, theirs =>
    withRouter('slo-guard', config, ours => work({ alertmanager: theirs, 'slo-guard': ours })),
  );
