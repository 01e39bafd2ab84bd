import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { type ApiFailure, fetchJson } from './fetch-json.ts';

/** What is known of one API path. `data` is the last answer, however old; look at `stale` before trusting it. */
export interface Polled<Answer> {
  data: Answer | undefined;
  failure: ApiFailure | null;
  /** The last answer is not the present: the newest try failed, or none succeeded for several intervals. */
  stale: boolean;
  /** When `data` arrived, by the browser's clock; 0 before the first answer. */
  receivedAt: number;
}

const STALE_AFTER_INTERVALS = 5;

/** Asks for `path` now and then every `intervalMs` while the page is visible; each poll is the retry of the last. */
export function usePolled<Answer>(path: string, intervalMs: number): Polled<Answer> {
  const query = useQuery<Answer, ApiFailure>({
    queryKey: [path],
    queryFn: ({ signal }) => fetchJson<Answer>(path, signal),
    refetchInterval: intervalMs,
    refetchOnWindowFocus: 'always',
    placeholderData: keepPreviousData,
    retry: false,
    // The browser's idea of being offline says nothing about a guard on loopback.
    networkMode: 'always',
  });
  const now = useBrowserNow();
  const age = query.dataUpdatedAt > 0 ? now - query.dataUpdatedAt : 0;
  const failure = query.error ?? null;
  return {
    data: query.data,
    failure,
    stale: query.data !== undefined && (failure !== null || age > STALE_AFTER_INTERVALS * intervalMs),
    receivedAt: query.dataUpdatedAt,
  };
}

/** The browser's clock, which moves the page once a second. */
export function useBrowserNow(): number {
  return useSyncExternalStore(subscribeToSeconds, () => currentSecond);
}

let currentSecond = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribeToSeconds(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    currentSecond = Date.now();
    for (const notify of listeners) notify();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
