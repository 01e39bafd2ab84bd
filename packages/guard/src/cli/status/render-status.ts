import pc from 'picocolors';
import { formatFloat } from '../../core/index.ts';
import { alignColumns, printable } from '../columns.ts';
import { humanDuration } from '../human-duration.ts';
import { sparkline } from '../plot/sparkline.ts';
import { groupText } from './assemble.ts';
import type { SloState, SloStatus } from './model.ts';

const HEAD = ['SLO', 'state', 'objective', 'budget left', '', 'coverage', 'burn rates', 'alerts'];
const NONE = '–';

/** A line for each objective and group. */
export function renderStatus(statuses: readonly SloStatus[], color: boolean): string {
  const colors = pc.createColors(color);
  const rows = statuses.map(status => [
    nameOf(status),
    status.state,
    status.objective === null ? NONE : percent(status.objective),
    budgetText(status.budgetRemaining),
    sparkline(status.history, 0, 1),
    coverageText(status),
    burnText(status),
    alertText(status),
  ]);
  const [head, ...lines] = alignColumns(
    [HEAD, ...rows],
    ['left', 'left', 'right', 'right', 'left', 'left', 'left', 'left'],
  );
  const paint: Record<SloState, (text: string) => string> = {
    firing: colors.red,
    spent: colors.red,
    pending: colors.yellow,
    'no-data': colors.yellow,
    ok: text => text,
  };
  return [colors.dim(head!), ...lines.map((line, i) => paint[statuses[i]!.state](line))].join('\n');
}

export function nameOf({ service, slo, group }: SloStatus): string {
  const text = groupText(group);
  return printable(text === '' ? `${service}/${slo}` : `${service}/${slo}{${text}}`);
}

export const budgetText = (remaining: number | null): string =>
  remaining === null ? 'no data' : percent(remaining);

export const burnText = ({ burnRates }: SloStatus): string =>
  burnRates
    .map(
      ({ window, rate }) =>
        `${window} ${rate === null ? NONE : `${formatFloat(Number(rate.toPrecision(3)))}×`}`,
    )
    .join('  ') || NONE;

/** A budget that has seen six minutes of thirty days is not yet what it says. */
function coverageText({ coverageSeconds, windowSeconds }: SloStatus): string {
  if (windowSeconds === null) return NONE;
  const covered =
    coverageSeconds === null ? 'nothing' : humanDuration(Math.min(coverageSeconds, windowSeconds));
  return `${covered} of ${humanDuration(windowSeconds)}`;
}

const alertText = ({ alerts }: SloStatus) =>
  alerts.map(({ alertname, state }) => printable(`${alertname} ${state}`)).join(', ') || NONE;

const percent = (share: number) => `${formatFloat(Number((share * 100).toPrecision(4)))} %`;
