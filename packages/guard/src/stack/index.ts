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
