import { createContext, type ReactNode, useContext } from 'react';
import type { MetaAnswer } from '../../../guard/src/server/console-types.ts';
import { type Polled, useBrowserNow, usePolled } from './polling.ts';

const UNKNOWN: Polled<MetaAnswer> = { data: undefined, failure: null, stale: false, receivedAt: 0 };
const MetaContext = createContext(UNKNOWN);
const EVERY_MS = 2000;

/** Asks for the guard's state once for all who show it; whether it answers is what "live" means. */
export function MetaProvider({ children }: { children: ReactNode }) {
  return <MetaContext value={usePolled<MetaAnswer>('/api/meta', EVERY_MS)}>{children}</MetaContext>;
}

export const useMeta = (): Polled<MetaAnswer> => useContext(MetaContext);

/**
 * Whether the guard answers. While a first answer is awaited it is `connecting`; `lost` as soon as the latest try
 * failed or nothing came for too long.
 */
export function useConnection(): 'connecting' | 'live' | 'lost' {
  const meta = useMeta();
  if (meta.stale || meta.failure) return 'lost';
  return meta.data ? 'live' : 'connecting';
}

/** Now by the guard's clock, which every instant of the API is measured with; the browser's may differ. */
export function useGuardNow(): number {
  const meta = useMeta();
  const now = useBrowserNow();
  if (!meta.data) return now;
  return meta.data.now + Math.max(0, now - meta.receivedAt);
}
