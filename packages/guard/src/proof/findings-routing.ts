import { messageOf } from '../core/index.ts';
import type { Finding } from './diagnose.ts';
import type { RoutedAlert } from './stack-answers.ts';
import { isAlert, type ProbeContext } from './stages.ts';

/** Between the alert rule and the router. */
export async function routerFinding(context: ProbeContext): Promise<Finding> {
  const { client, alert } = context;
  const [routed, routers] = await Promise.all([client.routedAlerts(), client.alertmanagers()]);
  const names = [...new Set(routed.map(({ labels }) => labels.alertname))];
  const absent = `${alert.name} is not among the router's alerts (${names.join(', ') || 'it has none'})`;
  if (routers.length === 0) return { cause: 'not-sent', evidence: [absent, SENT_NOWHERE] };
  const to = `the rule engine sends alerts to ${routers.join(', ')}`;
  const failed = await since(context.failedBefore.sends, client.failedSends);
  return failed > 0
    ? {
        cause: 'send-failing',
        evidence: [
          absent,
          `${to}, and ${failed} alerts could not be sent since the fault was set (prometheus_notifications_errors_total)`,
        ],
      }
    : { cause: 'not-sent', evidence: [absent, to] };
}

/** What a rule engine says that no router is listed for. */
export const SENT_NOWHERE = 'the rule engine sends alerts to no router: see `alerting:` in its configuration';

/** Between the router and the receiver. */
export async function deliveryFinding(context: ProbeContext): Promise<Finding> {
  const { client, alert } = context;
  const held = (await client.routedAlerts()).filter(({ labels }) => isAlert(labels, context));
  const evidence =
    held.length === 0
      ? [`the router does not hold ${alert.name} any more`]
      : held.map(one => describeHeld(alert.name, one));
  if (held.some(({ status }) => status.silencedBy.length > 0)) return { cause: 'silenced', evidence };
  if (held.some(({ status }) => status.inhibitedBy.length > 0)) return { cause: 'inhibited', evidence };
  if (held.some(({ status }) => status.mutedBy.length > 0)) return { cause: 'muted', evidence };
  const failed = await since(context.failedBefore.requests, client.failedNotificationRequests);
  const receiver = await receiverSays(context);
  return failed > 0
    ? { cause: 'delivery-failing', evidence: [...evidence, failedSentence(failed), receiver] }
    : {
        cause: 'not-received',
        evidence: [...evidence, `${receiver}; did the router tell another receiver?`],
      };
}

function describeHeld(name: string, { status, receivers }: RoutedAlert): string {
  const why = [
    ...(status.silencedBy.length > 0 ? [`silenced by ${status.silencedBy.join(', ')}`] : []),
    ...(status.inhibitedBy.length > 0 ? [`inhibited by ${status.inhibitedBy.join(', ')}`] : []),
    ...(status.mutedBy.length > 0 ? [`muted by ${status.mutedBy.join(', ')}`] : []),
  ];
  const reason = why.length > 0 ? ` (${why.join('; ')})` : '';
  const names = receivers.map(receiver => receiver.name).join(', ') || 'nobody';
  return `the router holds ${name}, ${status.state}${reason}, for ${names}`;
}

const failedSentence = (failed: number) =>
  `${failed} of the router's requests to receivers failed since the fault was set (alertmanager_notification_requests_failed_total)`;

/** By how much a counter has grown; 0 where it is not told. */
async function since(before: number | undefined, now: () => Promise<number>): Promise<number> {
  return before === undefined ? 0 : (await now().catch(() => before)) - before;
}

async function receiverSays({ client, isNew }: ProbeContext): Promise<string> {
  try {
    const fresh = (await client.notifications()).filter(isNew);
    const names = [...new Set(fresh.map(({ labels, status }) => `${labels.alertname} ${status}`))];
    return `the receiver got ${names.length === 0 ? 'nothing' : names.join(', ')} since the drill began`;
  } catch (error) {
    return `the receiver does not tell: ${messageOf(error)}`;
  }
}
