import { Skeleton, Title } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { AlertHistoryAnswer } from '../../../../guard/src/server/console-types.ts';
import { useAlertHistory } from '../../api/queries.ts';
import { AlertName } from '../../components/alert-name.tsx';
import { SectionFailure } from '../../components/section.tsx';
import { Since } from '../../components/since.tsx';
import { Decisions } from './decisions.tsx';
import { Waits } from './waits.tsx';

/** One alert as the router sees it: what it waits for, and what was decided about it and why. */
export default function AlertPage({ fingerprint }: { fingerprint: string }) {
  const source = useAlertHistory(fingerprint);
  const { data, stale } = source;
  const name = data?.alert?.labels.alertname ?? `Alert ${fingerprint}`;
  useEffect(() => {
    document.title = `${name} · slo-guard`;
  }, [name]);
  const isMissing = source.failure?.status === 404;
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link href="/">Objectives</Link>
      </nav>
      {isMissing ? <UnknownAlert fingerprint={fingerprint} /> : <SectionFailure source={source} />}
      {!isMissing && data && (
        <div className={stale ? 'parts stale' : 'parts'}>
          <Heading name={name} history={data} />
          <Waits waits={data.waits} />
          <Decisions decisions={data.decisions} />
        </div>
      )}
      {!data && !source.failure && <Skeleton height={240} />}
    </>
  );
}

function Heading({ name, history: { fingerprint, alert } }: { name: string; history: AlertHistoryAnswer }) {
  return (
    <div className="page-title">
      <div>
        <Title order={1} size="h3">
          <AlertName name={name} />
        </Title>
        <p className="dim">
          {alert ? (
            <>
              At the router since <Since at={alert.startsAt} /> · goes to {alert.receivers.join(', ')}
            </>
          ) : (
            'The router holds it no more; this is what it remembers.'
          )}
        </p>
        {alert && <Labels labels={alert.labels} />}
        <p className="dim trace-id">{fingerprint}</p>
      </div>
    </div>
  );
}

function Labels({ labels }: { labels: Record<string, string> }) {
  return (
    <ul className="labels" aria-label="Labels">
      {Object.entries(labels).map(([label, value]) => (
        <li key={label}>
          <span className="dim">{label}</span> {value}
        </li>
      ))}
    </ul>
  );
}

function UnknownAlert({ fingerprint }: { fingerprint: string }) {
  return (
    <div className="empty" data-testid="unknown-alert">
      <Title order={1} size="h3">
        No alert {fingerprint}
      </Title>
      <p>
        The router has not heard of it since it started. An alert that is pending goes there once it fires.{' '}
        <Link href="/">See the active alerts</Link>
      </p>
    </div>
  );
}
