import type { Seconds } from '../core/index.ts';

/**
 * A duration for people: `0.5 s`, `51.8 s`, `8m 38s`, `14h 24m`, `50h`, `5d`; hours up to a hundred, since that is how budgets are
 * spoken of. Infinity is `never`.
 */
export function humanDuration(duration: Seconds): string {
  if (!Number.isFinite(duration)) return 'never';
  if (duration < 60) return `${Number(duration.toPrecision(3))} s`;
  if (duration < 3600) return twoUnits(duration, 60, 'm', 1, 's');
  if (duration < 100 * 3600) return twoUnits(duration, 3600, 'h', 60, 'm');
  return twoUnits(duration, 86_400, 'd', 3600, 'h');
}

function twoUnits(
  duration: Seconds,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const rounded = Math.round(duration / small) * small;
  const rest = (rounded % large) / small;
  const first = `${Math.floor(rounded / large)}${largeName}`;
  return rest === 0 ? first : `${first} ${rest}${smallName}`;
}
