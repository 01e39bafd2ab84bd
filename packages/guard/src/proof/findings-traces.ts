import { type Clock, type Milliseconds, messageOf } from '../core/index.ts';
import { type Diagnosis, diagnosisOf, type Finding } from './diagnose.ts';
import type { StackClient } from './stack-client.ts';

/** Where spans are looked for. */
export interface SpanSearch {
  readonly clock: Clock;
  readonly client: StackClient;
  /** When the drill began, Unix milliseconds. */
  readonly since: Milliseconds;
}

/** Between the services and a joined trace: at which hop spans, or what joins them, are lost. Never throws. */
export async function diagnoseTraces(services: readonly string[], search: SpanSearch): Promise<Diagnosis> {
  const { client, clock, since } = search;
  const of = (hop: string, finding: Finding) => diagnosisOf('joined trace', hop, finding);
  try {
    const found = await Promise.all(services.map(service => client.traces(service, since, clock.now())));
    const missing = services.filter((_, i) => found[i]!.length === 0);
    if (missing.length === 0) {
      const counts = services.map((service, i) => `${found[i]!.length} traces of ${service}`);
      return of(services.join(' → '), {
        cause: 'spans-not-joined',
        evidence: [`the trace store shows ${counts.join(' and ')}, and none that joins them`],
      });
    }
    const seen = `the trace store shows no span of ${missing.join(' or ')} since the drill began`;
    return await lostOnTheWay(seen, missing, search).then(([hop, finding]) => of(hop, finding));
  } catch (error) {
    return of('Collector → trace store', { cause: 'part-unreachable', evidence: [messageOf(error)] });
  }
}

/** What the Collector's own metrics say, where Prometheus scrapes them (or the guard stands for it). */
async function lostOnTheWay(
  seen: string,
  missing: readonly string[],
  search: SpanSearch,
): Promise<[hop: string, finding: Finding]> {
  const [{ accepted, told }, lost] = await Promise.all([collectorSays(search), lostBy(missing, search)]);
  const evidence = [seen, told, ...lost];
  if (accepted === undefined && lost.length === 0)
    return ['services → Collector → trace store', { cause: 'spans-missing', evidence }];
  return accepted === undefined || accepted === 0
    ? ['services → Collector', { cause: 'spans-not-sent', evidence }]
    : ['Collector → trace store', { cause: 'spans-not-stored', evidence }];
}

const RECEIVED = 'otelcol_receiver_accepted_spans';

async function collectorSays(search: SpanSearch): Promise<{ accepted: number | undefined; told: string }> {
  const [[accepted], sent, [failed], [queued]] = await Promise.all([
    grown(search, RECEIVED),
    grown(search, 'otelcol_exporter_sent_spans', 'exporter'),
    grown(search, 'otelcol_exporter_send_failed_spans'),
    search.client.query('sum(otelcol_exporter_queue_size)'),
  ]);
  if (accepted === undefined)
    return {
      accepted: undefined,
      told: `no target of Prometheus tells ${RECEIVED}: is the Collector scraped?`,
    };
  const to = sent.map(({ by, value }) => `${Math.round(value)} to ${by}`).join(', ') || 'none';
  const told = [
    `the Collector took ${Math.round(accepted.value)} spans since the drill began and sent ${to}`,
    ...(failed === undefined ? [] : [`${Math.round(failed.value)} could not be sent`]),
    ...(queued === undefined ? [] : [`${queued.value[1]} batches wait in its queues`]),
  ];
  return { accepted: accepted.value, told: told.join('; ') };
}

/** Spans that the services themselves count as lost (`otel_spans_lost_total`, which @slo-guard/telemetry shows). */
async function lostBy(services: readonly string[], search: SpanSearch): Promise<string[]> {
  const lost = await Promise.all(
    services.map(async service => {
      const counts = await grown(search, 'otel_spans_lost', 'reason', `job=${JSON.stringify(service)}`);
      return counts
        .filter(({ value }) => value >= 1)
        .map(({ by, value }) => `${service} has lost ${Math.round(value)} spans (${by})`);
    }),
  );
  return lost.flat();
}

interface Count {
  readonly by: string;
  readonly value: number;
}

/** By how much a counter has grown since the drill began; the Collector's have `_total` at their end or not, by setting. */
async function grown(
  { client, clock, since }: SpanSearch,
  counter: string,
  by = '',
  matcher = '',
): Promise<readonly Count[]> {
  const selector = `{__name__=~"${counter}(_total)?"${matcher && `,${matcher}`}}`;
  const samples = await client.query(`sum by (${by}) (increase(${selector}[${clock.now() - since}ms]))`);
  return samples.map(({ metric, value }) => ({ by: metric[by] ?? '', value: Number(value[1]) }));
}
