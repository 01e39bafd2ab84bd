/** Where the parts of the stack under proof are; standard HTTP APIs only, so any of them may be the real one. */
export interface Endpoints {
  readonly gateway: string;
  readonly backend: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly receiver: string;
  /** Absent: traces are not looked at. */
  readonly jaeger?: string;
}

/** What each address is by default: the ports of the demo. */
export const DEFAULT_ENDPOINTS: Required<Endpoints> = {
  gateway: 'http://127.0.0.1:8001',
  backend: 'http://127.0.0.1:8002',
  prometheus: 'http://127.0.0.1:9090',
  alertmanager: 'http://127.0.0.1:9093',
  receiver: 'http://127.0.0.1:8080',
  jaeger: 'http://127.0.0.1:16686',
};

/** How long one request of the drill may take. */
const REQUEST_TIMEOUT_MS = 5_000;

/** A request that did not give what it should; names the address. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/** Fetches JSON. @throws EndpointError naming the address and what was wrong */
export async function fetchJson<T>(base: string, path: string, init: RequestInit = {}): Promise<T> {
  const url = `${base}${path}`;
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) throw new EndpointError(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof EndpointError) throw error;
    throw new EndpointError(`${url}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || (cause as NodeJS.ErrnoException).code || cause.name
    : error.message;
}
