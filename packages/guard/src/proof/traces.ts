import type { Clock, Milliseconds } from '../core/index.ts';
import { brokenHop, type Diagnosis } from './diagnose.ts';
import type { Endpoints } from './endpoints.ts';
import { diagnoseTraces } from './findings-traces.ts';
import type { JaegerTrace } from './stack-answers.ts';
import type { StackClient } from './stack-client.ts';

export interface TraceProof {
  readonly notes: readonly string[];
  readonly failures: readonly string[];
  readonly diagnosis?: Diagnosis;
}

export interface TraceOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly client: StackClient;
  readonly endpoints: Endpoints;
  /** When the drill began, Unix milliseconds. */
  readonly since: Milliseconds;
}

/** Services send spans in batches, every few seconds. */
const EXPORT_PATIENCE: Milliseconds = 15_000;
const PAUSE: Milliseconds = 1000;

/** Looks for a trace of this drill in which each service's span descends from one of the service before it. */
export async function proveTraces(services: readonly string[], options: TraceOptions): Promise<TraceProof> {
  const { clock, signal, client, endpoints, since } = options;
  if (endpoints.jaeger === undefined)
    return { notes: ['traces were not looked at: no address is given'], failures: [] };
  const chain = services.join(' → ');
  const until = clock.monotonic() + EXPORT_PATIENCE;
  for (;;) {
    // A store that does not answer now may answer at the next turn.
    const traces = await client.traces(services[0]!, since, clock.now()).catch(() => []);
    const found = traces.find(trace => joins(trace, services));
    if (found) return { notes: [`trace ${found.traceID} joins ${chain}`], failures: [] };
    if (clock.monotonic() >= until) {
      const diagnosis = await diagnoseTraces(services, options);
      return { notes: [], failures: [brokenHop(`no trace joins ${chain}`, diagnosis)], diagnosis };
    }
    await clock.sleep(PAUSE, signal);
  }
}

/** Whether the last service has a span whose ancestors include the other services in order. */
export function joins({ spans, processes }: JaegerTrace, services: readonly string[]): boolean {
  const byId = new Map(spans.map(span => [span.spanID, span]));
  const serviceOf = (id: string) => processes[byId.get(id)!.processID]?.serviceName;
  const parentOf = (id: string) =>
    byId.get(id)?.references?.find(({ refType, spanID }) => refType === 'CHILD_OF' && byId.has(spanID))
      ?.spanID;
  return spans.some(span => {
    let wanted = services.length - 1;
    const visited = new Set<string>();
    for (let id: string | undefined = span.spanID; id !== undefined && !visited.has(id); id = parentOf(id)) {
      visited.add(id);
      if (serviceOf(id) === services[wanted]) wanted -= 1;
      if (wanted < 0) return true;
    }
    return false;
  });
}
