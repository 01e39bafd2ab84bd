export { type Drill, loadDrill } from './drill-file.ts';
export { DEFAULT_ENDPOINTS, EndpointError, type Endpoints } from './endpoints.ts';
export { renderJunit, renderReport } from './report.ts';
export { type DrillReport, runDrill } from './run-drill.ts';
export { startTraffic, type Traffic } from './traffic.ts';
