import { compareStrings } from '../../core/index.ts';
import { createTime, type Parameter, takes, withType } from '../../template/index.ts';
import type { PayloadAlert, WebhookPayload } from '../payload.ts';
import { withJsonNames } from './go-marshal.ts';

const STRINGS = { name: 'template.Strings' };
/** A `[]string`, also where it is of the type that names and values have. */
export const STRING_LIST: Parameter = { name: '[]string', isNillable: true, accepts: [STRINGS.name] };

/** What `.` is in notification templates: Alertmanager's template.Data, with the methods that templates can call. */
export function templateData(payload: WebhookPayload): object {
  const alerts = payload.alerts.map(alertOf);
  const data = {
    Receiver: payload.receiver,
    Status: payload.status,
    Alerts: alertsOf(alerts),
    NotificationReason: payload.notification_reason,
    GroupLabels: pairsMap(payload.groupLabels),
    CommonLabels: pairsMap(payload.commonLabels),
    CommonAnnotations: pairsMap(payload.commonAnnotations),
    RouteLabels: pairsMap(payload.routeLabels),
    ExternalURL: payload.externalURL,
  };
  return withJsonNames(withType(data, { name: 'template.Data', isPointer: true }), DATA_NAMES);
}

const DATA_NAMES = {
  Receiver: 'receiver',
  Status: 'status',
  Alerts: 'alerts',
  NotificationReason: 'notification_reason',
  GroupLabels: 'groupLabels',
  CommonLabels: 'commonLabels',
  CommonAnnotations: 'commonAnnotations',
  RouteLabels: 'routeLabels',
  ExternalURL: 'externalURL',
};
const ALERT_NAMES = {
  Status: 'status',
  Labels: 'labels',
  Annotations: 'annotations',
  StartsAt: 'startsAt',
  EndsAt: 'endsAt',
  GeneratorURL: 'generatorURL',
  Fingerprint: 'fingerprint',
};

interface AlertData {
  readonly Status: string;
}

function alertOf(alert: PayloadAlert): AlertData {
  const data = {
    Status: alert.status,
    Labels: pairsMap(alert.labels),
    Annotations: pairsMap(alert.annotations),
    StartsAt: timeOf(alert.startsAt),
    EndsAt: timeOf(alert.endsAt),
    GeneratorURL: alert.generatorURL,
    Fingerprint: alert.fingerprint,
  };
  return withJsonNames(withType(data, { name: 'template.Alert' }), ALERT_NAMES);
}

const timeOf = (text: string) => createTime(BigInt(Date.parse(text)) * 1_000_000n);

/** `template.Alerts`; what its methods give is a plain `[]Alert` without any. */
function alertsOf(alerts: readonly AlertData[]) {
  const having = (status: string) =>
    takes([], () =>
      withType(
        alerts.filter(({ Status }) => Status === status),
        { name: '[]template.Alert' },
      ),
    );
  const methods = { Firing: having('firing'), Resolved: having('resolved') };
  return withType(withMethods([...alerts], methods), { name: 'template.Alerts' });
}

/** Methods are no items or entries: they do not show. */
function withMethods<T extends object>(value: T, methods: Readonly<Record<string, unknown>>): T {
  for (const [name, method] of Object.entries(methods)) Object.defineProperty(value, name, { value: method });
  return value;
}

function stringsOf(texts: readonly string[]) {
  const methods = { Join: takes(['string'], separator => texts.join(separator)) };
  return withType(withMethods([...texts], methods), STRINGS);
}

interface Pair {
  readonly Name: string;
  readonly Value: string;
}

const ALERT_NAME = 'alertname';

/** `alertname` first, then by name. */
function sortedPairs(map: ReadonlyMap<string, string>): Pair[] {
  const rank = (name: string) => (name === ALERT_NAME ? 0 : 1);
  return [...map]
    .sort(([a], [b]) => rank(a) - rank(b) || compareStrings(a, b))
    .map(([Name, Value]) => withType({ Name, Value }, { name: 'template.Pair' }));
}

const pairsText = (pairs: readonly Pair[]) => pairs.map(({ Name, Value }) => `${Name}=${Value}`).join(', ');

function pairsOf(pairs: readonly Pair[]) {
  const methods = {
    Names: takes([], () => stringsOf(pairs.map(({ Name }) => Name))),
    Values: takes([], () => stringsOf(pairs.map(({ Value }) => Value))),
    String: takes([], () => pairsText(pairs)),
    goString: () => pairsText(pairs),
  };
  return withType(withMethods([...pairs], methods), { name: 'template.Pairs' });
}

/** `template.KV`. */
const pairsMap = (pairs: Readonly<Record<string, string>>) => keyValues(new Map(Object.entries(pairs)));

function keyValues(map: Map<string, string>): Map<string, string> {
  const sorted = () => sortedPairs(map);
  const methods = {
    SortedPairs: takes([], () => pairsOf(sorted())),
    Remove: takes([STRING_LIST], (names: readonly string[] | null) =>
      keyValues(new Map([...map].filter(([name]) => !names?.includes(name)))),
    ),
    Names: takes([], () => stringsOf(sorted().map(({ Name }) => Name))),
    Values: takes([], () => stringsOf(sorted().map(({ Value }) => Value))),
    String: takes([], () => pairsText(sorted())),
    goString: () => pairsText(sorted()),
  };
  return withType(withMethods(map, methods), { name: 'template.KV' });
}
