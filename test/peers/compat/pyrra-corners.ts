const objective = (spec: string, metadata = 'name: shop') =>
  `apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {${metadata}}\nspec:\n${spec}`;

const ratio = `  indicator:
    ratio:
      errors: {metric: 'errors_total{job="shop",code=~"5.."}'}
      total: {metric: 'requests_total{job="shop"}'}
`;

/** Odd corners, each a file that the real Pyrra takes. */
export const PYRRA_CORNERS: Readonly<Record<string, string>> = {
  'numbers-without-quotes': objective(
    `  target: 99.50\n  window: 4w\n${ratio}`,
    'name: 010, labels: {pyrra.dev/on: on}',
  ),
  'a-day': objective(`  target: "99"\n  window: 1d\n${ratio}`),
  'half-an-hour': objective(`  target: "99"\n  window: 30m\n${ratio}`),
  'two-weeks-at-90': objective(`  target: "90"\n  window: 2w\n${ratio}`),
  'offset-is-dropped': objective(
    `  target: "99"\n  window: 4w\n  indicator:\n    bool_gauge: {metric: 'up{job="shop"} offset 5m'}\n`,
  ),
  'grouping-twice': objective(
    `  target: "99"\n  window: 4w\n  indicator:\n    latencyNative:\n      total: {metric: 'latency_seconds{job=~"a|b"}'}\n      latency: 300ms\n      grouping: [team, job, team]\n`,
  ),
  'grouped-by-a-label-of-its-own': objective(
    `  target: "99"\n  window: 4w\n  indicator:\n    ratio:\n      errors: {metric: 'errors_total{code=~"5.."}'}\n      total: {metric: 'requests_total{team="a"}'}\n      grouping: [team, slo]\n`,
    'name: shop, labels: {pyrra.dev/team: b}',
  ),
  nulls: objective(
    `  target: "99"\n  window: 4w\n  description:\n  alerting: {name: , burnrates: ~}\n${ratio}`,
    'name: shop, namespace: , labels: ~',
  ),
};
