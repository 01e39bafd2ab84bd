import { policyOf, type Slo } from '../slo/index.ts';

/** An SLO as readers give it, with what a test changes. */
export const exampleSlo = (changes: Partial<Slo> = {}): Slo => ({
  service: 'shop',
  name: 'orders',
  displayName: 'Orders of the shop',
  description: '99 % of the orders succeed.',
  sli: { kind: 'ratio', counts: 'bad', events: 'requests_total{status="error"}', total: 'requests_total' },
  objective: 0.99,
  window: { kind: 'rolling', length: 30 * 86_400_000 },
  grouping: [],
  budgeting: { method: 'occurrences' },
  exclusions: { guard: undefined, maintenance: [] },
  minimumEvents: undefined,
  absent: undefined,
  notificationTargets: [],
  owner: undefined,
  links: {},
  policy: policyOf('seed'),
  alertPrefix: 'SLOShopOrdersBudgetBurn',
  recordAlias: undefined,
  labels: {},
  annotations: {},
  source: { file: 'shop.yaml', line: 1, column: 1 },
  ...changes,
});
