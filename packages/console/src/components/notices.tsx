import { IconPlugOff } from '@tabler/icons-react';
import type { ScrapeTarget } from '../../../guard/src/server/console-types.ts';
import { useConnection, useMeta } from '../api/meta.tsx';
import { useBrowserNow } from '../api/polling.ts';
import { formatAge, formatClock } from '../format/time.ts';
import { Notice } from './notice.tsx';

/** What has to be known before anything on a page is believed: a lost connection, dead targets, warnings. */
export function Notices() {
  const { data } = useMeta();
  const down = data?.targets.filter(target => target.health === 'down') ?? [];
  return (
    <div className="notices">
      <ConnectionBanner />
      {data?.warnings.map(warning => (
        <Notice key={warning} kind="warning" testId="warning">
          {warning}
        </Notice>
      ))}
      {down.map(target => (
        <TargetDown key={`${target.job} ${target.instance}`} target={target} />
      ))}
    </div>
  );
}

function TargetDown({ target }: { target: ScrapeTarget }) {
  return (
    <Notice kind="failure" testId="target-down">
      <strong>{target.job}</strong> at {target.instance} cannot be scraped
      {target.lastScrape !== null && <>, last tried {formatClock(target.lastScrape)}</>}
      {target.lastError && <>: {target.lastError}</>}
    </Notice>
  );
}

function ConnectionBanner() {
  const meta = useMeta();
  const now = useBrowserNow();
  if (useConnection() !== 'lost') return null;
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
