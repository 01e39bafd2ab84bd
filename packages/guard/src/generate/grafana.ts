// A door of its own: Grafana's SDK takes longer to load than everything else that a command needs.
export { dashboardFiles } from './grafana/dashboards.ts';
export { dashboardJson } from './grafana/demo.ts';
