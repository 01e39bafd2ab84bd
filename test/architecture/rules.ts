/**
 * Which room of the guard may import which. `core`, `config`, `template` and `sqlite` may be imported by all but by
 * nothing below them; everything else stands here, and what does not is refused.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  template: ['core'],
  sqlite: ['core'],
  exposition: ['core'],
  'remote-write': ['core', 'promql'],
  promql: ['core'],
  tsdb: ['core', 'sqlite', 'promql'],
  rules: ['core', 'config', 'template', 'promql'],
  'http-client': ['core', 'config'],
  'rule-tests': ['core', 'config', 'promql', 'tsdb', 'rules'],
  scrape: ['core', 'config', 'exposition', 'http-client', 'promql'],
  notifier: ['core', 'http-client', 'scrape', 'rules'],
  alertmanager: ['core', 'config', 'http-client', 'template', 'sqlite', 'rules'],
  otlp: ['core'],
  'otlp-metrics': ['core', 'otlp', 'promql'],
  traces: ['core', 'sqlite', 'otlp'],
  slo: ['core', 'config', 'template', 'promql'],
  generate: ['core', 'config', 'template', 'promql', 'slo'],
  proof: ['core', 'config', 'http-client', 'promql', 'slo'],
  server: ['*'],
  stack: ['core', 'config', 'http-client', 'promql', 'slo', 'generate', 'proof'],
  cli: ['*'],
};

/** Doors besides `index.ts`: interfaces alone, for those who implement or receive them and need nothing behind. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  promql: ['storage.ts'],
  rules: ['alert-sender.ts'],
  // Loaded when it is wanted: Grafana's SDK takes long.
  generate: ['grafana.ts'],
};

/** Globals that would make time or randomness ambient, leak, or refuse what a user chose, and where each may stand. */
export const BANNED_CALLS: ReadonlyArray<{ call: string; instead: string; allowedIn: readonly string[] }> = [
  { call: 'Date.now', instead: 'Clock.now', allowedIn: ['core/clock.ts'] },
  { call: 'performance.now', instead: 'Clock.monotonic', allowedIn: ['core/clock.ts'] },
  { call: 'new Date()', instead: 'new Date(Clock.now())', allowedIn: [] },
  { call: 'Math.random', instead: 'Rng', allowedIn: [] },
  { call: 'setTimeout', instead: 'Clock.after', allowedIn: ['core/clock.ts'] },
  { call: 'setInterval', instead: 'Clock.after or startTicker', allowedIn: [] },
  // In Node it leaves something behind with a signal that lives on.
  { call: 'AbortSignal.any', instead: 'withDeadline', allowedIn: [] },
  // It asks no server at a port that browsers refuse (BLOCKED_PORTS).
  { call: 'fetch', instead: 'createHttpClient', allowedIn: ['server/guard.testing.ts'] },
];

/** Calls whose argument decides: a native regular expression made from a variable could be a user's. */
export const NATIVE_REGEXP = { call: 'new RegExp', instead: 'compileRegexp (RE2, linear time)' };
