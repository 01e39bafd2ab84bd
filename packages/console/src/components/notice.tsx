import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface NoticeProps {
  /** `failure` is something that does not work now; `warning` is something to know before trusting the rest. */
  kind: 'failure' | 'warning';
  testId?: string;
  children: ReactNode;
}

/** A sentence across the page that must not be missed. */
export function Notice({ kind, testId, children }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role="status" data-testid={testId}>
      <IconAlertTriangle size={20} aria-hidden />
      <p>{children}</p>
    </div>
  );
}
