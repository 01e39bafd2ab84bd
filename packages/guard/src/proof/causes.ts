/** What is broken, by a stable name for machines that read the report, and what to do about it. */
export const REMEDIES = {
  'part-unreachable': 'start the part that does not answer, or look into its log',
  'fault-inactive':
    'the backend has dropped the fault: was it restarted, or the fault reset by somebody else?',
  'fault-without-effect':
    'does the gateway call the backend that the drill breaks, on the path of its traffic?',
  'gateway-unanswered': "look into the gateway's log: it was ended, or is overloaded",
  'target-missing': 'add the service to scrape_configs, with the label service or job that the drill names',
  'target-down':
    "compare the target's address and port with what the service listens on; is the service running?",
  'series-absent': 'compare the counters of the drill file with what the service shows under /metrics',
  'series-flat': 'does the selector of errors in the drill file choose the failing requests?',
  'rule-missing':
    'mount the rule file that `slo-guard generate` writes, list it under rule_files, and reload',
  'rule-failing': "repair the expression that the rule's error quotes, and reload",
  'condition-unmet': "compare threshold and windows of the rule with the drill's fault: `slo-guard explain`",
  'not-sent': 'list the Alertmanager under alerting: in the configuration of the rule engine, and reload',
  'send-failing': 'compare the address under alerting: with where Alertmanager listens, and that it runs',
  silenced: 'expire the silence, or narrow its matchers',
  inhibited: 'resolve the alert that inhibits it, or narrow inhibit_rules',
  muted: 'change the time intervals of the route, or drill at another time',
  'delivery-failing': "start the receiver, or compare its address with the one in Alertmanager's receivers",
  'not-received': 'compare the routes: `amtool config routes test` with the labels of the alert',
  'spans-not-sent': 'compare OTEL_EXPORTER_OTLP_ENDPOINT of the services with where the Collector listens',
  'spans-not-stored':
    "compare the address of the Collector's exporter, and its pipeline, with the trace store",
  'spans-missing': 'scrape the metrics of the Collector, which tell on which side of it spans are lost',
  'spans-not-joined': 'the gateway must pass the traceparent header on to the backend',
} as const;

export type Cause = keyof typeof REMEDIES;

/** Causes that do not go away while one waits: a stage that is overdue because of one is given up at once. */
const LASTING: ReadonlySet<Cause> = new Set([
  'target-missing',
  'target-down',
  'series-absent',
  'rule-missing',
  'rule-failing',
  'not-sent',
  'send-failing',
  'silenced',
  'inhibited',
  'muted',
  'delivery-failing',
]);

export const isLasting = (cause: Cause): boolean => LASTING.has(cause);
