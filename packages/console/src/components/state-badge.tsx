import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconFlame,
  IconMinus,
  IconPlugOff,
  IconQuestionMark,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Severity, SloState } from '../../../guard/src/server/console-types.ts';

/** How a state looks; `stale` is any state that was not confirmed lately. */
export type Look = 'ok' | 'pending' | 'page' | 'ticket' | 'no-data' | 'stale' | 'inactive';

/** The look of an SLO's or alert's state. What is not known to be a ticket is shown as a page. */
export function lookOf(state: SloState | 'inactive', severity: string | null): Look {
  switch (state) {
    case 'firing':
      return severity === 'ticket' ? 'ticket' : 'page';
    default:
      return state;
  }
}

const ICONS: Record<Look, ReactNode> = {
  ok: <IconCheck size={14} stroke={3} aria-hidden />,
  pending: <IconClock size={14} stroke={2.5} aria-hidden />,
  page: <IconFlame size={14} stroke={2.5} aria-hidden />,
  ticket: <IconAlertTriangle size={14} stroke={2.5} aria-hidden />,
  'no-data': <IconQuestionMark size={14} stroke={2.5} aria-hidden />,
  stale: <IconPlugOff size={14} stroke={2.5} aria-hidden />,
  inactive: <IconMinus size={14} stroke={2.5} aria-hidden />,
};

function wording(state: SloState | 'inactive', severity: string | null): string {
  switch (state) {
    case 'ok':
      return 'OK';
    case 'inactive':
      return 'inactive';
    case 'no-data':
      return 'NO DATA';
    case 'pending':
      return severity ? `pending ${severity}` : 'pending';
    case 'firing':
      return severity ? `firing ${severity}` : 'firing';
  }
}

interface StateBadgeProps {
  state: SloState | 'inactive';
  severity: Severity | string | null;
  stale?: boolean;
}

/** A state in colour, symbol and words, none of which is needed to read the other two. */
export function StateBadge({ state, severity, stale = false }: StateBadgeProps) {
  const look = stale ? 'stale' : lookOf(state, severity);
  const text = wording(state, severity);
  return (
    <span className={`badge badge-${look}`} data-testid="state" data-state={stale ? 'stale' : state}>
      {ICONS[look]}
      {stale ? `stale · was ${text}` : text}
    </span>
  );
}

const OUTCOMES = {
  delivered: { look: 'ok', icon: ICONS.ok },
  retrying: { look: 'pending', icon: ICONS.pending },
  failed: { look: 'page', icon: ICONS.ticket },
} as const;

const DECISIONS = {
  sent: { look: 'ok', icon: ICONS.ok },
  'not sent': { look: 'inactive', icon: ICONS.inactive },
  failed: { look: 'page', icon: ICONS.ticket },
} as const;

/** What was decided about an alert. */
export function DecisionBadge({ decision }: { decision: keyof typeof DECISIONS }) {
  const { look, icon } = DECISIONS[decision];
  return (
    <span className={`badge badge-${look}`} data-decision={decision}>
      {icon}
      {decision}
    </span>
  );
}

/** How a notification fared. */
export function OutcomeBadge({ outcome }: { outcome: keyof typeof OUTCOMES }) {
  const { look, icon } = OUTCOMES[outcome];
  return (
    <span className={`badge badge-${look}`} data-outcome={outcome}>
      {icon}
      {outcome}
    </span>
  );
}
