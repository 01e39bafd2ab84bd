import { formatFloat } from '../../core/index.ts';
import type { Proposal } from './propose.ts';
import type { ServiceProposal } from './services.ts';

/** An OpenSLO file with comments that say what was seen, and what may be changed. @param seen where and for how long */
export function sloFile({ name, label, proposals }: ServiceProposal, seen: string): string {
  const annotations =
    label === name ? '' : `  annotations:\n    slo-guard/service-label: ${JSON.stringify(label)}\n`;
  return `# Written by \`slo-guard init\` from ${seen}. It is yours now: change what does not fit, then
#   slo-guard lint, slo-guard explain, slo-guard generate
apiVersion: openslo/v1
kind: Service
metadata:
  name: ${name}
${annotations}spec: {}
${proposals.map(proposal => sloDocument(name, proposal)).join('')}`;
}

const sloDocument = (
  service: string,
  { name, promise, counts, events, total, objective, seen }: Proposal,
): string => {
  const percent = formatFloat(Number((objective * 100).toPrecision(6)));
  return `---
# Seen: ${seen}.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${name}
  annotations:
    # Which burn rates alert whom: seed, google-30d, sloth, pyrra, or a file of your own.
    slo-guard/policy: seed
spec:
  description: ${percent} % of the events ${promise}.
  service: ${service}
  indicator:
    spec:
      ratioMetric:
        counter: true
        # Plain selectors: rates, sums and windows are added by the generator.
        ${counts}:
          metricSource:
            type: Prometheus
            spec:
              query: ${quoted(events)}
        total:
          metricSource:
            type: Prometheus
            spec:
              query: ${quoted(total)}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    # What users need, not what the service happens to reach: ask them.
    - target: ${objective}
`;
};

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
