export { type Drill, loadDrill } from './drill-file.ts';
export { DEFAULT_ENDPOINTS, type Endpoints } from './endpoints.ts';
export { renderJunit } from './render-junit.ts';
export { renderReport } from './render-table.ts';
export type { DrillReport } from './report-model.ts';
export { type DrillOptions, runDrill } from './run-drill.ts';
export { startTraffic, type Traffic } from './traffic.ts';
