import { Title } from '@mantine/core';
import type { BurnThreshold, SloAlert, SloSummary } from '../../../../guard/src/server/console-types.ts';
import { AlertName } from '../../components/alert-name.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Since } from '../../components/since.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { ABSENT, formatBurn } from '../../format/numbers.ts';

/** The burn-rate alerts of an objective with the conditions they wait for. */
export function SloAlerts({ slo, stale }: { slo: SloSummary; stale: boolean }) {
  const columns: Column<SloAlert>[] = [
    {
      heading: 'State',
      cell: alert => <StateBadge state={alert.state} severity={alert.severity} stale={stale} />,
    },
    { heading: 'Alert', cell: alert => <AlertName name={alert.alertname} /> },
    { heading: 'Severity', cell: alert => alert.severity },
    { heading: 'Condition', named: true, cell: alert => conditionOf(slo.thresholds, alert) },
    { heading: 'Value', numeric: true, named: true, cell: alert => formatBurn(alert.value) },
    {
      heading: 'Active since',
      named: true,
      cell: alert => (alert.activeAt === null ? ABSENT : <Since at={alert.activeAt} />),
    },
  ];
  return (
    <section aria-labelledby="slo-alerts" data-testid="slo-alerts">
      <Title order={2} size="h4" id="slo-alerts" className="section-title">
        Alerts
      </Title>
      {slo.alerts.length === 0 ? (
        <p className="empty">
          No alert watches this objective: its budget can burn without anybody being told.
        </p>
      ) : (
        <DataTable label="Alerts" columns={columns} rows={slo.alerts} rowKey={alert => alert.alertname} />
      )}
    </section>
  );
}

function conditionOf(thresholds: readonly BurnThreshold[], alert: SloAlert): string {
  const conditions = thresholds
    .filter(threshold => threshold.alertname === alert.alertname)
    .map(
      ({ shortWindow, longWindow, value }) => `${shortWindow} and ${longWindow} above ${formatBurn(value)}`,
    );
  return conditions.join(', or ') || ABSENT;
}
