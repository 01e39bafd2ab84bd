import { Text } from '@mantine/core';
import type { SloSummary } from '../../../guard/src/server/console-types.ts';
import { formatBurn, formatPercent } from '../format/numbers.ts';
import { formatSpan } from '../format/time.ts';
import { budgetOutlook } from './budget-outlook.ts';

/** What is left of the error budget, and how much of its period that figure rests on. */
export function BudgetMeter({ slo, stale }: { slo: SloSummary; stale: boolean }) {
  const { remaining, coverageSeconds } = slo.budget;
  const period = formatSpan(slo.windowSeconds * 1000);
  const outlook = budgetOutlook(slo);
  const look =
    remaining === null || stale ? 'unknown' : remaining <= 0 ? 'spent' : remaining < 0.25 ? 'low' : 'good';
  return (
    <div className="budget" data-testid="budget">
      <div className={`meter meter-${look}`} aria-hidden>
        <div style={{ width: `${Math.min(1, Math.max(0, remaining ?? 0)) * 100}%` }} />
      </div>
      <Text size="sm" component="p">
        <strong>{leftText(remaining)}</strong>
        <span className="dim">
          {coverageSeconds === null
            ? ` · nothing measured of ${period} yet`
            : ` · measured over ${formatSpan(Math.min(coverageSeconds, slo.windowSeconds) * 1000)} of ${period}`}
        </span>
      </Text>
      {slo.state === 'no-data' && !stale && (
        <Text size="sm" component="p" className="dim">
          No request was counted, or nothing scrapes the service: whether it works is not known.
        </Text>
      )}
      {outlook && !stale && (
        <Text size="sm" component="p" className="outlook">
          at {formatBurn(outlook.burn)} ({outlook.window}) the rest is gone in{' '}
          {formatSpan(outlook.secondsLeft * 1000)}
        </Text>
      )}
    </div>
  );
}

function leftText(remaining: number | null): string {
  if (remaining === null) return 'Budget unknown';
  if (remaining < 0) return `Budget overspent by ${formatPercent(-remaining)}`;
  return `${formatPercent(remaining)} left`;
}
