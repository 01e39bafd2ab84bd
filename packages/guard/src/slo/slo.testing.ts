/** An objective for tests. */
import { formatDuration } from '../core/index.ts';
import type { Slo, WindowedQuery } from './model.ts';
import { policyOf } from './policies/policy-book.ts';

/** 99.9 % of the shop's orders over 30 days, judged by the article's two alerts. */
export const sloOf = (overrides: Partial<Slo> = {}): Slo => ({
  service: 'shop',
  name: 'orders',
  displayName: 'Orders of the shop',
  description: '',
  sli: { kind: 'ratio', counts: 'bad', events: 'requests_total{status="error"}', total: 'requests_total' },
  objective: 0.999,
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
  alertPrefix: 'SLOShopOrders',
  recordAlias: undefined,
  labels: {},
  annotations: {},
  source: { file: 'shop.yaml', line: 1, column: 1 },
  ...overrides,
});

/** An expression with `$w` where its window stands. */
export const windowed = (text: string): WindowedQuery => ({
  text,
  over: window => text.replaceAll('$w', formatDuration(window)),
});
