import { Title } from '@mantine/core';
import type { AlertWait } from '../../../../guard/src/server/console-types.ts';
import { useGuardNow } from '../../api/meta.tsx';
import { formatClock, formatSpan } from '../../format/time.ts';

const WORDS: Record<AlertWait['waitsFor'], string> = {
  group_wait: 'waits for group_wait, before its group is looked at for the first time',
  group_interval: 'waits for group_interval, until its group is looked at again',
};

/** What has to pass before anything more is decided. */
export function Waits({ waits }: { waits: readonly AlertWait[] }) {
  const now = useGuardNow();
  if (waits.length === 0) return null;
  return (
    <section aria-labelledby="waits" data-testid="waits">
      <Title order={2} size="h4" id="waits" className="section-title">
        What it waits for
      </Title>
      <ul className="waits">
        {waits.map(({ receiver, groupKey, waitsFor, until }) => (
          <li key={`${receiver} ${groupKey}`}>
            <strong>{receiver}</strong> {WORDS[waitsFor]}
            {until !== null && (
              <>
                {': '}
                <time dateTime={new Date(until).toISOString()}>{formatClock(until)}</time>
                <span className="dim">, {until > now ? `${formatSpan(until - now)} more` : 'due now'}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
