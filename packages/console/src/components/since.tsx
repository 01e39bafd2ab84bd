import { useGuardNow } from '../api/meta.tsx';
import { formatAge, formatClock, formatInstant } from '../format/time.ts';

/** An instant as time of day and age, whole on hover. */
export function Since({ at, prefix = '' }: { at: number; prefix?: string }) {
  const now = useGuardNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatInstant(at)} className="nowrap">
      {prefix}
      {formatClock(at)} <span className="dim">{formatAge(at, now)}</span>
    </time>
  );
}
