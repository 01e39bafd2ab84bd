import { Alert, Skeleton, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Polled } from '../api/polling.ts';

interface SectionProps<Answer> {
  title: string;
  testId: string;
  source: Polled<Answer>;
  /** Beside the title. */
  note?: ReactNode;
  children: (answer: Answer) => ReactNode;
}

/** A titled part of a page that shows one API answer: waiting, failed, outdated or live. */
export function Section<Answer>({ title, testId, source, note, children }: SectionProps<Answer>) {
  const id = useId();
  return (
    <section aria-labelledby={id} data-testid={testId} className={source.stale ? 'stale' : undefined}>
      <div className="section-title">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {note}
      </div>
      <SectionFailure source={source} />
      {source.data !== undefined && children(source.data)}
      {source.data === undefined && !source.failure && <Skeleton height={64} radius="md" />}
    </section>
  );
}

/** Says that a part could not be read, and whether what is shown is older than it looks. */
export function SectionFailure({ source }: { source: Polled<unknown> }) {
  if (!source.failure) return null;
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} mb="sm" p="xs">
      {source.failure.message}.{' '}
      {source.data === undefined
        ? 'Nothing is known about this part.'
        : 'What follows is the last answer, not the present.'}
    </Alert>
  );
}
