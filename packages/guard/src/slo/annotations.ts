import { parseDuration } from '../core/index.ts';
import { intervalsOf } from './maintenance/intervals.ts';
import type { AbsentAlert, Maintenance } from './model.ts';
import type { Severity } from './policies/policy.ts';
import { readQuery } from './windowed-query.ts';

/** Annotations under this prefix are ours; any other is carried to the alerts. */
export const PREFIX = 'slo-guard/';

/** Annotations that begin so name a link by their rest: `slo-guard/link.runbook`. */
export const LINK_PREFIX = `${PREFIX}link.`;

/** Documents, or their inlined parts, on which annotations of ours may stand. */
export type AnnotatedKind = 'Service' | 'SLO' | 'SLI' | 'AlertCondition';

interface AnnotationRule {
  readonly kinds: readonly AnnotatedKind[];
  readonly valid: (value: string) => boolean;
  readonly expected: string;
}

const LABEL_VALUE = /^[^\s"\\]+$/;
const METRIC_PREFIX = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const ALERT_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LABEL_NAMES = /^[a-zA-Z_][a-zA-Z0-9_]*(\s*,\s*[a-zA-Z_][a-zA-Z0-9_]*)*$/;
const WHOLE_NUMBER = /^[1-9]\d{0,8}$/;

/** What each of our annotations may hold, and on which kinds of document it stands. */
const ANNOTATIONS = {
  'slo-guard/service-label': {
    kinds: ['Service'],
    valid: value => LABEL_VALUE.test(value),
    expected: 'the value of the label "service", without spaces and quotes',
  },
  'slo-guard/owner': {
    kinds: ['Service', 'SLO'],
    valid: value => value.trim() !== '',
    expected: 'who answers for it',
  },
  'slo-guard/policy': {
    kinds: ['SLO'],
    // Whether there is one of that name depends on the policies that the user brings.
    valid: value => value !== '',
    expected: 'the name of a policy',
  },
  'slo-guard/minimum-events': {
    kinds: ['SLO'],
    valid: value => WHOLE_NUMBER.test(value),
    expected: 'a whole number of events above 0',
  },
  'slo-guard/group-by': {
    kinds: ['SLO'],
    valid: value => LABEL_NAMES.test(value.trim()),
    expected: 'names of labels with commas between them',
  },
  'slo-guard/exclude-when': {
    kinds: ['SLO'],
    valid: value => {
      const read = readQuery(value);
      return 'ok' in read && read.ok.kind !== 'windowed';
    },
    expected: 'PromQL that gives an instant vector, without a placeholder for a window',
  },
  'slo-guard/maintenance': {
    kinds: ['SLO'],
    valid: value => intervalsOf(value) !== undefined,
    expected: 'intervals such as 2026-12-24T18:00:00Z/2026-12-24T22:00:00Z or 2026-12-24T18:00:00Z/4h',
  },
  'slo-guard/absent': {
    kinds: ['SLO'],
    valid: value => value === 'off' || absentOf(value) !== undefined,
    expected: 'off, or a duration and perhaps a severity, such as 10m page',
  },
  'slo-guard/record-alias': {
    kinds: ['SLO'],
    valid: value => METRIC_PREFIX.test(value),
    expected: 'the beginning of a metric name, such as service_a:burn_rate',
  },
  'slo-guard/alert-name': {
    kinds: ['SLO'],
    valid: value => ALERT_NAME.test(value),
    expected: 'the beginning of an alert name, such as SLOServiceAErrorBudgetBurn',
  },
  'slo-guard/histogram': {
    kinds: ['SLO', 'SLI'],
    valid: value => value === 'native',
    expected: 'native',
  },
  'slo-guard/short-window': {
    kinds: ['AlertCondition'],
    valid: value => (parseDuration(value) ?? 0) > 0,
    expected: 'a duration such as 5m',
  },
  'slo-guard/severity': {
    kinds: ['AlertCondition'],
    valid: isSeverity,
    expected: 'page or ticket',
  },
} as const satisfies Record<string, AnnotationRule>;

export type AnnotationName = keyof typeof ANNOTATIONS;

export const ANNOTATION_NAMES = Object.keys(ANNOTATIONS) as AnnotationName[];

/** Why an annotation cannot stand on a document of that kind; undefined when it can, or is not ours. */
export function annotationFault(
  kind: string,
  name: string,
  value: string,
):
  | {
      readonly code: 'unknown-annotation' | 'bad-annotation';
      readonly message: string;
      readonly remedy?: string;
    }
  | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  if (isLink(name, kind)) return linkFault(name, value);
  const rule: AnnotationRule | undefined = Object.hasOwn(ANNOTATIONS, name)
    ? ANNOTATIONS[name as AnnotationName]
    : undefined;
  if (!rule?.kinds.some(allowed => allowed === kind)) {
    return {
      code: 'unknown-annotation',
      message: `annotation ${name} is not known on a ${kind}`,
      remedy: `known here: ${namesOn(kind).join(', ') || 'none'}`,
    };
  }
  return rule.valid(value)
    ? undefined
    : { code: 'bad-annotation', message: `${name} must be ${rule.expected}` };
}

const isLink = (name: string, kind: string) =>
  name.startsWith(LINK_PREFIX) && name.length > LINK_PREFIX.length && (kind === 'SLO' || kind === 'Service');

function linkFault(name: string, value: string) {
  const isAddress = /^https?:\/\//.test(value) && URL.canParse(value);
  return isAddress
    ? undefined
    : ({
        code: 'bad-annotation',
        message: `${name} must be an address that begins with http:// or https://`,
      } as const);
}

const namesOn = (kind: string) => [
  ...Object.entries(ANNOTATIONS)
    .filter(([, rule]: [string, AnnotationRule]) => rule.kinds.some(allowed => allowed === kind))
    .map(([name]) => name),
  ...(kind === 'SLO' || kind === 'Service' ? [`${LINK_PREFIX}NAME`] : []),
];

export function isSeverity(text: string): text is Severity {
  return text === 'page' || text === 'ticket';
}

/** `10m`, or `10m page`; a ticket where nothing is said. */
export function absentOf(text: string): AbsentAlert | undefined {
  const [duration, severity = 'ticket', ...more] = text.trim().split(/\s+/);
  const wait = parseDuration(duration ?? '');
  return wait === undefined || more.length > 0 || !isSeverity(severity) ? undefined : { for: wait, severity };
}

/** Names of labels, in the order given, each once. */
export const groupingOf = (text: string | undefined): string[] => [
  ...new Set(text?.trim().split(/\s*,\s*/) ?? []),
];

export const maintenanceOf = (text: string | undefined): Maintenance[] =>
  text === undefined ? [] : intervalsOf(text)!;

/** Links by name, in the order given. */
export const linksOf = (annotations: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations)
      .filter(([name]) => name.startsWith(LINK_PREFIX))
      .map(([name, address]) => [name.slice(LINK_PREFIX.length), address]),
  );

/** Those that are the user's own. */
export const foreignAnnotations = (annotations: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => !name.startsWith(PREFIX)));
