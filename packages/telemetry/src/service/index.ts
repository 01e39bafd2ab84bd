export { createServiceApp, type ServiceAppOptions } from './app.ts';
export { createMetricsRegistry, prefersOpenMetrics, registerMetricsRoute } from './metrics-route.ts';
export { failToStart, portFrom, type ServeOptions, serve } from './serve.ts';
