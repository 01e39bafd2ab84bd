import type { AlertNumbers } from './baseline.ts';
import type { Drill } from './drill-file.ts';
import { burnRateRule, isOfSlo, ofSlo } from './series.ts';
import type { ReceivedNotification } from './stack-answers.ts';
import type { StackClient } from './stack-client.ts';
import type { Traffic } from './traffic.ts';

/** What the fault itself must bring. */
export const ONSET = ['failing responses'] as const;
/** The hops between a fault and its page, in the order in which each needs the one before. */
export const DETECTION = [
  'samples scraped',
  'burn over threshold',
  'alert firing',
  'at Alertmanager',
  'page delivered',
] as const;
/** The hops between a removed fault and the all-clear. */
export const RECOVERY = ['burn below threshold', 'alert resolved', 'resolve delivered'] as const;

export type OnsetStage = (typeof ONSET)[number];
export type DetectionStage = (typeof DETECTION)[number];
export type RecoveryStage = (typeof RECOVERY)[number];
export type Stage = OnsetStage | DetectionStage | RecoveryStage;

/** Counters of failures; undefined where a part does not tell. */
export interface FailureCounts {
  /** The rule engine's alerts that did not reach a router. */
  readonly sends: number | undefined;
  /** The router's requests to receivers. */
  readonly requests: number | undefined;
}

export async function failureCounts(client: StackClient): Promise<FailureCounts> {
  const [sends, requests] = await Promise.all(
    [client.failedSends, client.failedNotificationRequests].map(count => count().catch(() => undefined)),
  );
  return { sends, requests };
}

/** What the probes look at. */
export interface ProbeContext {
  readonly client: StackClient;
  readonly drill: Drill;
  readonly traffic: Traffic;
  /** The alert under proof. */
  readonly alert: AlertNumbers;
  /** The gateway's error counter when the fault began. */
  readonly errorsBefore: number;
  /** What had failed already when the phase began. */
  readonly failedBefore: FailureCounts;
  readonly isNew: (notification: ReceivedNotification) => boolean;
}

/** Whether a stage has been reached. Errors of the HTTP calls pass through: the caller keeps asking. */
type Probe = (context: ProbeContext) => Promise<boolean>;

const firstValue = async (client: StackClient, expr: string): Promise<number | undefined> => {
  const [sample] = await client.query(expr);
  return sample && Number(sample.value[1]);
};

type BurnContext = Pick<ProbeContext, 'client' | 'drill' | 'alert'>;

/** The burn rate over the alert's short window; undefined where there is no data. */
export const shortBurn = ({ client, drill, alert }: BurnContext): Promise<number | undefined> =>
  firstValue(client, ofSlo(burnRateRule(alert.shortWindow), drill));

/** The slower of the alert's two windows, which decides; undefined where one has no data. */
export async function decidingBurn(context: BurnContext): Promise<number | undefined> {
  const { client, drill, alert } = context;
  const [short, long] = await Promise.all([
    shortBurn(context),
    firstValue(client, ofSlo(burnRateRule(alert.longWindow), drill)),
  ]);
  return short === undefined || long === undefined ? undefined : Math.min(short, long);
}

/** The error counter; 0 while there is no series. */
export const errorsNow = async (client: StackClient, drill: Drill): Promise<number> =>
  (await firstValue(client, `sum(${drill.counters.errors})`)) ?? 0;

/** Whether labels are those of the alert under proof. */
export const isAlert = (
  labels: Readonly<Record<string, string>>,
  { alert, drill }: Pick<ProbeContext, 'alert' | 'drill'>,
): boolean => labels.alertname === alert.name && isOfSlo(labels, drill);

const isFiring: Probe = async context =>
  (await context.client.alerts()).some(({ labels, state }) => state === 'firing' && isAlert(labels, context));

const wasDelivered = async (context: ProbeContext, wanted: 'firing' | 'resolved'): Promise<boolean> =>
  (await context.client.notifications()).some(
    notification =>
      notification.status === wanted && isAlert(notification.labels, context) && context.isNew(notification),
  );

export const PROBES: Readonly<Record<Stage, Probe>> = {
  'failing responses': async ({ traffic }) => traffic.counts().failed > 0,
  'samples scraped': async ({ client, drill, errorsBefore }) =>
    (await errorsNow(client, drill)) > errorsBefore,
  'burn over threshold': async context => ((await decidingBurn(context)) ?? 0) > context.alert.burn,
  'alert firing': isFiring,
  'at Alertmanager': async context =>
    (await context.client.routedAlerts()).some(({ labels }) => isAlert(labels, context)),
  'page delivered': context => wasDelivered(context, 'firing'),
  'burn below threshold': async context =>
    ((await decidingBurn(context)) ?? Number.POSITIVE_INFINITY) <= context.alert.burn,
  'alert resolved': async context => !(await isFiring(context)),
  'resolve delivered': context => wasDelivered(context, 'resolved'),
};
