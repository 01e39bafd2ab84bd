import type { ActiveAlert } from '../../../../guard/src/server/console-types.ts';

/** What needs a person most comes first: firing before pending, pages before the rest, then the newest. */
export function byUrgency(a: ActiveAlert, b: ActiveAlert): number {
  return rank(a) - rank(b) || b.activeAt - a.activeAt;
}

function rank(alert: ActiveAlert): number {
  return (alert.state === 'firing' ? 0 : 2) + (alert.severity === 'page' ? 0 : 1);
}
