/**
 * An SLO that a program puts together, and the Prometheus rules for it:
 * `node examples/generate-rules.ts > rules.yml`
 */
import { generateRules } from 'slo-guard/generate';
import { loadSloFiles } from 'slo-guard/slo';

const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });

/** A document of OpenSLO; YAML is a superset of JSON. */
const sloOf = (service: string, target: number) => ({
  apiVersion: 'openslo/v1',
  kind: 'SLO',
  metadata: { name: 'availability' },
  spec: {
    service,
    indicator: {
      spec: {
        ratioMetric: {
          counter: true,
          bad: metric(`http_requests_total{service="${service}",code=~"5.."}`),
          total: metric(`http_requests_total{service="${service}"}`),
        },
      },
    },
    budgetingMethod: 'Occurrences',
    objectives: [{ target }],
  },
});

const files = ['cart', 'search'].map(service => ({
  file: `${service}.json`,
  text: JSON.stringify(sloOf(service, 0.999)),
}));

process.stdout.write(generateRules(loadSloFiles(files)));
