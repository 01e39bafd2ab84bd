/** Annotations under this prefix are ours; any other is carried to the alerts. */
export const PREFIX = 'slo-guard/';

interface AnnotationRule {
  readonly kind: 'Service' | 'SLO';
  readonly valid: (value: string) => boolean;
  readonly expected: string;
}

const LABEL_VALUE = /^[^\s"\\]+$/;
const METRIC_PREFIX = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const ALERT_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What each of our annotations may hold, and on which kind of document it stands. */
export const ANNOTATIONS = {
  'slo-guard/service-label': {
    kind: 'Service',
    valid: value => LABEL_VALUE.test(value),
    expected: 'the value of the label "service", without spaces and quotes',
  },
  'slo-guard/policy': {
    kind: 'SLO',
    // Whether there is one of that name depends on the policies that the user brings.
    valid: value => value !== '',
    expected: 'the name of a policy',
  },
  'slo-guard/record-alias': {
    kind: 'SLO',
    valid: value => METRIC_PREFIX.test(value),
    expected: 'the beginning of a metric name, such as service_a:burn_rate',
  },
  'slo-guard/alert-name': {
    kind: 'SLO',
    valid: value => ALERT_NAME.test(value),
    expected: 'the beginning of an alert name, such as SLOServiceAErrorBudgetBurn',
  },
} as const satisfies Record<string, AnnotationRule>;

export type AnnotationName = keyof typeof ANNOTATIONS;

export const isAnnotationName = (name: string): name is AnnotationName => Object.hasOwn(ANNOTATIONS, name);
