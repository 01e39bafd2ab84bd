/** Sources that answer PromQL, by their names without case, spaces, dashes and underscores. */
const PROMETHEUS_LIKE: ReadonlySet<string> = new Set([
  'prometheus',
  'thanos',
  'mimir',
  'grafanamimir',
  'cortex',
  'victoriametrics',
  'amazonprometheus',
  'amazonmanagedprometheus',
  'amazonmanagedserviceforprometheus',
  'amp',
  'googlemanagedprometheus',
  'googlecloudmanagedserviceforprometheus',
  'gmp',
  'azureprometheus',
  'azuremonitormanagedserviceforprometheus',
  // As Sloth's documents in OpenSLO v1alpha say it.
  'sloth',
]);

/** Whether a source of that type is asked in PromQL. */
export const isPrometheusLike = (type: string): boolean =>
  PROMETHEUS_LIKE.has(type.toLowerCase().replace(/[-_\s]/g, ''));
