import type { NotificationEntry } from '../../../../guard/src/server/console-types.ts';
import { useNotifications } from '../../api/queries.ts';
import { AlertName } from '../../components/alert-name.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { Since } from '../../components/since.tsx';
import { OutcomeBadge } from '../../components/state-badge.tsx';
import { formatCount } from '../../format/numbers.ts';

const COLUMNS: Column<NotificationEntry>[] = [
  { heading: 'Sent', cell: entry => <Since at={entry.at} /> },
  {
    heading: 'Tells',
    cell: entry => (
      <span className={`status status-${entry.status}`}>
        {entry.status}
        {entry.alerts > 1 && <span className="dim"> · {formatCount(entry.alerts, 'alert')}</span>}
      </span>
    ),
  },
  { heading: 'Alert', cell: entry => <AlertName name={entry.alertname || entry.groupKey} /> },
  { heading: 'Service', cell: entry => [entry.service, entry.slo].filter(Boolean).join(' ') },
  { heading: 'Severity', cell: entry => entry.severity },
  { heading: 'Receiver', named: true, cell: entry => entry.receiver },
  {
    heading: 'Outcome',
    cell: entry => (
      <>
        <OutcomeBadge outcome={entry.outcome} />
        {entry.attempts !== 1 && <span className="dim"> {formatCount(entry.attempts, 'attempt')}</span>}
        {entry.reason && <span className="reason">{entry.reason}</span>}
      </>
    ),
  },
];

/** The latest notifications and whether they arrived: the proof that an objective pages somebody. */
export function Notifications() {
  const source = useNotifications();
  return (
    <Section title="Latest notifications" testId="notifications" source={source}>
      {({ notifications }) =>
        notifications.length === 0 ? (
          <p className="empty">
            Nothing was sent yet. When an alert fires, its notification stands here with its receiver and
            whether it arrived.
          </p>
        ) : (
          <DataTable
            label="Latest notifications"
            columns={COLUMNS}
            rows={notifications}
            rowKey={(entry, index) => `${entry.at} ${entry.receiver} ${entry.groupKey} ${index}`}
          />
        )
      }
    </Section>
  );
}
