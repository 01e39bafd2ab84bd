import { formatDuration, type Problem } from '../../core/index.ts';
import type { BurnTier, Policy, Severity } from '../policies/policy.ts';
import { policyOf } from '../policies/policy-book.ts';
import { burnOfShare } from '../policies/scale.ts';
import type { AlertWindow, AlertWindows } from './alert-windows.ts';
import type { SlothDocument } from './document.ts';

/**
 * Sloth's own policy over 30 days, or that of the `AlertWindows` among the documents, whose period then is every
 * SLO's: Sloth has one period for all.
 */
export function policyFor(documents: readonly SlothDocument[], problems: Problem[]): Policy {
  const catalogues = documents.filter(document => document.windows !== undefined);
  const [first, second] = catalogues;
  if (second) {
    problems.push(
      second.source.problemAt(['spec', 'sloPeriod'], {
        code: 'several-periods',
        message: `alert windows are given already, for a period of ${formatDuration(first!.windows.period)}`,
        remedy: 'keep one: it says the period of all SLOs in Sloth files',
      }),
    );
  }
  return first ? policyOfWindows(first.windows, first.source.file) : policyOf('sloth');
}

const policyOfWindows = ({ period, page, ticket }: AlertWindows, source: string): Policy => {
  const tier = (suffix: string, severity: Severity, window: AlertWindow): BurnTier => ({
    suffix,
    severity,
    burn: burnOfShare(window.errorBudgetPercent / 100, window.longWindow, period),
    budgetShare: window.errorBudgetPercent / 100,
    shortWindow: window.shortWindow,
    longWindow: window.longWindow,
    for: 0,
    notify: [],
  });
  return {
    name: 'sloth-alert-windows',
    source,
    period,
    scaling: 'burn-rates',
    tiers: [
      tier('PageQuick', 'page', page.quick),
      tier('PageSlow', 'page', page.slow),
      tier('TicketQuick', 'ticket', ticket.quick),
      tier('TicketSlow', 'ticket', ticket.slow),
    ],
  };
};
