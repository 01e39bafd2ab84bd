import { Skeleton, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useConnection } from '../api/meta.tsx';
import type { Polled } from '../api/polling.ts';
import { Notice } from './notice.tsx';

interface SectionProps<Answer> {
  title: string;
  testId: string;
  source: Polled<Answer>;
  children: (answer: Answer) => ReactNode;
}

/** A titled part of a page that shows one API answer: waiting, failed, outdated or live. */
export function Section<Answer>({ title, testId, source, children }: SectionProps<Answer>) {
  const id = useId();
  return (
    <section aria-labelledby={id} data-testid={testId}>
      <Title order={2} size="h4" id={id} className="section-title">
        {title}
        {source.stale && <span className="dim"> · as last seen</span>}
      </Title>
      <SectionFailure source={source} />
      {source.data !== undefined && (
        <div className={source.stale ? 'stale' : undefined}>{children(source.data)}</div>
      )}
      {source.data === undefined && !source.failure && <Skeleton height={64} radius="md" />}
      {source.data === undefined && source.failure && <p className="empty">Not known.</p>}
    </section>
  );
}

/** Says that one part could not be read; nothing when the banner already says so of everything. */
export function SectionFailure({ source }: { source: Polled<unknown> }) {
  const connection = useConnection();
  if (!source.failure || connection === 'lost') return null;
  return (
    <Notice kind="failure" testId="section-failure">
      {source.failure.message}.
      {source.data !== undefined && ' What follows is the last answer, not the present.'}
    </Notice>
  );
}
