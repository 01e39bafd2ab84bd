export { type FreshStackOptions, startFreshStack } from './fresh-stack.ts';
export {
  loadStack,
  type Stack,
  type StackProcess,
  type StackService,
  SURFACES,
  type Surface,
  withPorts,
} from './model.ts';
export { renderAlertmanagerConfig } from './render-alertmanager.ts';
export { checkAll, generateAll, renderRules, type Sources } from './render-all.ts';
export { renderCollectorConfig } from './render-collector.ts';
export { renderGrafanaDatasources, renderGrafanaProvider } from './render-grafana.ts';
export { type PrometheusOptions, renderPrometheusConfig } from './render-prometheus.ts';
export { addressOf, type RenderTarget } from './render-target.ts';
export { REPOSITORY } from './repository.ts';
export { type RunningStack, type StartOptions, startStack } from './start-stack.ts';
export type { PartEvent, PartState, PartStatus } from './supervisor.ts';
