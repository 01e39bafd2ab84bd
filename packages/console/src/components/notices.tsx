import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconPlugOff } from '@tabler/icons-react';
import { useMeta } from '../api/meta.tsx';
import { useBrowserNow } from '../api/polling.ts';
import { formatAge, formatClock } from '../format/time.ts';

/** What has to be known before anything on a page is believed: a lost connection, dead targets, warnings. */
export function Notices() {
  const meta = useMeta();
  const down = meta.data?.targets.filter(target => target.health === 'down') ?? [];
  return (
    <div className="notices">
      <ConnectionBanner />
      {meta.data?.warnings.map(warning => (
        <Alert
          key={warning}
          color="yellow"
          icon={<IconAlertTriangle aria-hidden />}
          p="xs"
          data-testid="warning"
        >
          {warning}
        </Alert>
      ))}
      {down.map(target => (
        <Alert
          key={`${target.job} ${target.instance}`}
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          p="xs"
          data-testid="target-down"
        >
          <strong>{target.job}</strong> at {target.instance} cannot be scraped
          {target.lastScrape !== null && <>, last tried {formatClock(target.lastScrape)}</>}
          {target.lastError && <>: {target.lastError}</>}
        </Alert>
      ))}
    </div>
  );
}

function ConnectionBanner() {
  const meta = useMeta();
  const now = useBrowserNow();
  // While a first answer is awaited there is neither data nor failure, and nothing to warn of.
  if (!meta.stale && !(meta.failure && !meta.data)) return null;
  return (
    <div role="alert" className="connection-lost" data-testid="connection-lost">
      <IconPlugOff size={22} aria-hidden />
      <p>
        <strong>Connection lost.</strong> {meta.failure?.message ?? 'The guard does not answer'}; trying
        again.{' '}
        {meta.data
          ? `Everything below was last seen ${formatAge(meta.receivedAt, now)} and says nothing about the present.`
          : 'Nothing is known about any objective.'}
      </p>
    </div>
  );
}
