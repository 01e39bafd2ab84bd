import type { Memory, Outage } from './deadman.ts';

const LABELS = { alertname: 'WatchdogMissing', severity: 'page' };

/** As Alertmanager writes the end of an alert that has none. */
const NEVER = '0001-01-01T00:00:00Z';

const iso = (time: number) => new Date(time).toISOString();

/**
 * What the outgoing webhook is told: Alertmanager's webhook of version 4, so that whatever takes those takes this. Nothing
 * in it comes from who sends heartbeats.
 */
export function messageOf({ lastSeen }: Memory, { lateSince, endedAt }: Outage) {
  const status = endedAt === null ? 'firing' : 'resolved';
  const annotations = {
    summary: endedAt === null ? 'Paging is broken: the heartbeat is late' : 'The heartbeat is back',
    description:
      endedAt === null
        ? `The last heartbeat ${lastSeen === null ? 'never came' : `came at ${iso(lastSeen)}`}. Until it is back, no alert may reach anybody.`
        : `No heartbeat came from before ${iso(lateSince)} until ${iso(endedAt)}: look at what was missed.`,
  };
  return {
    version: '4',
    groupKey: `{}:{alertname="${LABELS.alertname}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'deadman',
    groupLabels: { alertname: LABELS.alertname },
    commonLabels: LABELS,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [
      {
        status,
        labels: LABELS,
        annotations,
        startsAt: iso(lateSince),
        endsAt: endedAt === null ? NEVER : iso(endedAt),
        generatorURL: '',
        // One alert and no other ever: the name of the alert in hexadecimal does.
        fingerprint: Buffer.from(LABELS.alertname).toString('hex').slice(0, 16),
      },
    ],
  };
}
