import { Counter, Gauge, type Registry, Summary } from 'prom-client';

/** Metrics of service discovery under the names that Prometheus gives them (discovery/metrics.go and its like). */
export function createDiscoveryMetrics(registry: Registry) {
  const registers = [registry];
  return {
    discoveredTargets: new Gauge({
      name: 'prometheus_sd_discovered_targets',
      help: 'Targets found by service discovery now.',
      labelNames: ['name', 'config'],
      registers,
    }),
    receivedUpdates: new Counter({
      name: 'prometheus_sd_received_updates_total',
      help: 'Times that a source of targets told what it found.',
      labelNames: ['name'],
      registers,
    }),
    lastUpdate: new Gauge({
      name: 'prometheus_sd_last_update_timestamp_seconds',
      help: 'When the targets of a job were last handed on.',
      labelNames: ['name', 'config'],
      registers,
    }),
    refreshFailures: new Counter({
      name: 'prometheus_sd_refresh_failures_total',
      help: 'Failed requests for targets.',
      labelNames: ['mechanism', 'config'],
      registers,
    }),
    refreshDuration: new Summary({
      name: 'prometheus_sd_refresh_duration_seconds',
      help: 'How long requests for targets take.',
      labelNames: ['mechanism', 'config'],
      percentiles: [0.5, 0.9, 0.99],
      maxAgeSeconds: 600,
      ageBuckets: 5,
      registers,
    }),
    httpFailures: new Counter({
      name: 'prometheus_sd_http_failures_total',
      help: 'Failed requests for targets over HTTP.',
      registers,
    }),
    fileReadErrors: new Counter({
      name: 'prometheus_sd_file_read_errors_total',
      help: 'Files of targets that could not be read.',
      registers,
    }),
    fileScanDuration: new Summary({
      name: 'prometheus_sd_file_scan_duration_seconds',
      help: 'How long reading all files of targets takes.',
      percentiles: [0.5, 0.9, 0.99],
      maxAgeSeconds: 600,
      ageBuckets: 5,
      registers,
    }),
    fileWatcherErrors: new Counter({
      name: 'prometheus_sd_file_watcher_errors_total',
      help: 'Folders of target files that could not be watched.',
      registers,
    }),
    fileTime: new Gauge({
      name: 'prometheus_sd_file_mtime_seconds',
      help: 'When a file of targets was changed last, as it was read.',
      labelNames: ['filename'],
      registers,
    }),
  };
}

export type DiscoveryMetrics = ReturnType<typeof createDiscoveryMetrics>;
