import type { Drill } from './drill-file.ts';
import type { ReceivedNotification, StackClient } from './stack-client.ts';
import type { Traffic } from './traffic.ts';

/** The hops between a fault and its page, in the order in which each needs the one before. */
export const DETECTION = [
  'failing responses',
  'samples scraped',
  'burn over threshold',
  'alert firing',
  'at Alertmanager',
  'page delivered',
] as const;
/** The hops between a removed fault and the all-clear. */
export const RECOVERY = ['burn below threshold', 'alert resolved', 'resolve delivered'] as const;

export type DetectionStage = (typeof DETECTION)[number];
export type RecoveryStage = (typeof RECOVERY)[number];
export type Stage = DetectionStage | RecoveryStage;

/** What the probes look at. */
export interface ProbeContext {
  readonly client: StackClient;
  readonly drill: Drill;
  readonly traffic: Traffic;
  readonly alert: string;
  readonly burnThreshold: number;
  /** The gateway's error counter when the fault began. */
  readonly errorsBefore: number;
  readonly isNew: (notification: ReceivedNotification) => boolean;
}

/** Whether a stage has been reached. Errors of the HTTP calls pass through: the caller keeps asking. */
type Probe = (context: ProbeContext) => Promise<boolean>;

const firstValue = async (client: StackClient, expr: string): Promise<number | undefined> => {
  const [sample] = await client.query(expr);
  return sample && Number(sample.value[1]);
};

const burnExpression = ({ slo }: Drill, window: string) =>
  `slo:burn_rate:${window}{service="${slo.service}",slo="${slo.name}"}`;

/** The burn rate over five minutes; undefined where there is no data. */
export const burnNow = (client: StackClient, drill: Drill): Promise<number | undefined> =>
  firstValue(client, burnExpression(drill, '5m'));

export const errorsNow = async (client: StackClient, drill: Drill): Promise<number> =>
  (await firstValue(client, `sum(${drill.counters.errors})`)) ?? 0;

const isFiring = async ({ client, alert, drill }: ProbeContext): Promise<boolean> =>
  (await client.alerts()).some(
    ({ labels, state }) =>
      labels.alertname === alert && state === 'firing' && labels.service === drill.slo.service,
  );

const wasDelivered = async (
  { client, alert, isNew }: ProbeContext,
  status: 'firing' | 'resolved',
): Promise<boolean> =>
  (await client.notifications()).some(
    notification =>
      notification.labels.alertname === alert && notification.status === status && isNew(notification),
  );

export const PROBES: Readonly<Record<Stage, Probe>> = {
  'failing responses': async ({ traffic }) => traffic.counts().failed > 0,
  'samples scraped': async ({ client, drill, errorsBefore }) =>
    (await errorsNow(client, drill)) > errorsBefore,
  'burn over threshold': async ({ client, drill, burnThreshold }) =>
    ((await burnNow(client, drill)) ?? 0) > burnThreshold,
  'alert firing': isFiring,
  'at Alertmanager': async ({ client, alert }) =>
    (await client.routedAlerts()).some(({ labels }) => labels.alertname === alert),
  'page delivered': context => wasDelivered(context, 'firing'),
  'burn below threshold': async ({ client, drill, burnThreshold }) =>
    ((await burnNow(client, drill)) ?? Number.POSITIVE_INFINITY) <= burnThreshold,
  'alert resolved': async context => !(await isFiring(context)),
  'resolve delivered': context => wasDelivered(context, 'resolved'),
};
