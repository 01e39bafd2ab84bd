import { Title } from '@mantine/core';
import type { AlertDecision } from '../../../../guard/src/server/console-types.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Since } from '../../components/since.tsx';
import { DecisionBadge } from '../../components/state-badge.tsx';
import { formatCount } from '../../format/numbers.ts';

const COLUMNS: Column<AlertDecision>[] = [
  { heading: 'Decided', cell: decision => <Since at={decision.at} /> },
  { heading: 'Decision', cell: decision => <DecisionBadge decision={decision.decision} /> },
  {
    heading: 'Why',
    cell: decision => (
      <>
        {decision.reason}
        {decision.answer !== null && `: ${decision.answer}`}
        {decision.times > 1 && <span className="dim"> · {formatCount(decision.times, 'time')} in a row</span>}
      </>
    ),
  },
  { heading: 'Receiver', named: true, cell: decision => decision.receiver },
  { heading: 'Group', named: true, cell: decision => <span className="dim">{decision.groupKey}</span> },
];

/** What was decided at each flush, newest first. */
export function Decisions({ decisions }: { decisions: readonly AlertDecision[] }) {
  return (
    <section aria-labelledby="decisions" data-testid="decisions">
      <Title order={2} size="h4" id="decisions" className="section-title">
        What was decided
      </Title>
      {decisions.length === 0 ? (
        <p className="empty">Nothing yet: no group has looked at it since the router started.</p>
      ) : (
        <DataTable
          label="What was decided"
          columns={COLUMNS}
          rows={decisions}
          rowKey={({ at, receiver, groupKey, reason }) => `${at} ${receiver} ${groupKey} ${reason}`}
        />
      )}
    </section>
  );
}
