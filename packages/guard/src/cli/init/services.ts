import { compareStrings } from '../../core/index.ts';
import type { Observed, ObservedMetric } from './observed.ts';
import { type Proposal, propose } from './propose.ts';

export interface ServiceProposal {
  /** A DNS label, as OpenSLO wants it. */
  readonly name: string;
  /** The value of the label `service`, where it differs. */
  readonly label: string;
  readonly proposals: readonly Proposal[];
}

/** Words that many services' metrics begin with; they name none of them. */
const GENERIC = new Set(['http', 'grpc', 'rpc', 'server', 'request', 'requests', 'api']);
const UNNAMED = 'my-service';

/**
 * The services of what was observed, each with objectives: a service a job, or one where there are no jobs.
 *
 * @param given the name of the service, where there is one
 */
export function servicesOf({ metrics }: Observed, given: string | undefined): ServiceProposal[] {
  const jobs = [...new Set(metrics.flatMap(({ rows }) => rows.map(({ labels }) => labels.job ?? '')))];
  return jobs
    .sort(compareStrings)
    .map(job => {
      const own =
        job === ''
          ? metrics
          : metrics.map(metric => ofJob(metric, job)).filter(({ rows }) => rows.length > 0);
      const shared = job === '' ? [] : [`job=${JSON.stringify(job)}`];
      // What a service's metrics begin with shows in those that matter; libraries bring others.
      const prefix = commonPrefix(propose(own, shared, '').map(({ metric }) => metric));
      const label = given ?? (job || prefix.replace(/_$/, '') || UNNAMED);
      return { name: dnsLabel(label), label, proposals: propose(own, shared, prefix) };
    })
    .filter(({ proposals }) => proposals.length > 0);
}

const ofJob = ({ name, rows }: ObservedMetric, job: string): ObservedMetric => ({
  name,
  rows: rows.filter(({ labels }) => labels.job === job),
});

/** `service_a_`: the words that all names begin with, unless they are those of anybody. */
function commonPrefix(names: readonly string[]): string {
  const [words = [], ...others] = names.map(name => name.split('_').slice(0, -2));
  const shared = words.findIndex((word, i) => others.some(other => other[i] !== word));
  const prefix = words.slice(0, shared === -1 ? words.length : shared);
  while (prefix.length > 0 && GENERIC.has(prefix.at(-1)!)) prefix.pop();
  return prefix.length === 0 ? '' : `${prefix.join('_')}_`;
}

const dnsLabel = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '') || UNNAMED;
