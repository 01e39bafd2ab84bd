import { Link } from 'wouter';
import type { ActiveAlert } from '../../../../guard/src/server/console-types.ts';
import { useAlerts } from '../../api/queries.ts';
import { AlertName } from '../../components/alert-name.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { Since } from '../../components/since.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { byUrgency } from './alert-order.ts';

/** Every pending or firing alert, those of no objective included. */
export function ActiveAlerts() {
  const source = useAlerts();
  const columns: Column<ActiveAlert>[] = [
    {
      heading: 'State',
      cell: alert => <StateBadge state={alert.state} severity={alert.severity} stale={source.stale} />,
    },
    { heading: 'Alert', cell: alert => <NameWithHistory alert={alert} /> },
    { heading: 'Service', cell: alert => <Subject alert={alert} /> },
    { heading: 'Since', cell: alert => <Since at={alert.activeAt} /> },
    {
      heading: 'Value',
      named: true,
      numeric: true,
      cell: alert => Number(alert.value.toPrecision(4)).toLocaleString('en'),
    },
    { heading: 'Summary', cell: alert => alert.summary },
  ];
  return (
    <Section title="Active alerts" testId="active-alerts" source={source}>
      {({ alerts }) =>
        alerts.length === 0 ? (
          <p className="empty">
            {source.stale ? 'No alert was active when last seen.' : 'No alert is pending or firing.'}
          </p>
        ) : (
          <DataTable
            label="Active alerts"
            columns={columns}
            rows={alerts.toSorted(byUrgency)}
            rowKey={(alert, index) => `${alert.alertname} ${alert.service} ${alert.slo} ${index}`}
          />
        )
      }
    </Section>
  );
}

/** The name leads to what the router decided; what is pending was never sent there. */
function NameWithHistory({ alert: { alertname, fingerprint, state } }: { alert: ActiveAlert }) {
  const name = <AlertName name={alertname} />;
  return fingerprint === null || state === 'pending' ? (
    name
  ) : (
    <Link href={`/alert/${fingerprint}`}>{name}</Link>
  );
}

function Subject({ alert }: { alert: ActiveAlert }) {
  if (alert.slo === null) return alert.service;
  return (
    <Link href={`/slo/${encodeURIComponent(alert.service)}/${encodeURIComponent(alert.slo)}`}>
      {alert.service} {alert.slo}
    </Link>
  );
}
