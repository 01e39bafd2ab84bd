import { Title } from '@mantine/core';
import { useEffect } from 'react';
import { useMeta } from '../../api/meta.tsx';
import { useSlos, useTraces } from '../../api/queries.ts';
import { Section, SectionFailure } from '../../components/section.tsx';
import { ActiveAlerts } from './active-alerts.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Notifications } from './notifications.tsx';
import { RecentTraces } from './recent-traces.tsx';
import { SloCard } from './slo-card.tsx';
import { summarize } from './summary.ts';
import { Targets } from './targets.tsx';

/** What an on-call engineer looks at first: every objective, what is firing, and whether the page went out. */
export function OverviewPage() {
  const meta = useMeta();
  const slos = useSlos();
  const traces = useTraces();
  const all = slos.data?.slos ?? [];
  const summary = slos.data ? summarize(all, slos.stale) : [];
  const titleState = summary.map(part => part.text).join(', ');
  const quiet =
    all.length > 0 &&
    all.every(slo => slo.state === 'no-data') &&
    traces.data?.traces.length === 0 &&
    // Where a target is down the data was lost: no time to propose a demonstration.
    meta.data?.targets.every(target => target.health !== 'down') === true;

  useEffect(() => {
    document.title = titleState ? `${titleState} · slo-guard` : 'slo-guard';
  }, [titleState]);

  return (
    <>
      <div className="page-title">
        <Title order={1} size="h3">
          Service level objectives
        </Title>
        <ul className="summary" data-testid="summary" aria-label="Objectives by state">
          {summary.map(part => (
            <li key={part.text} className={`badge badge-${part.look}`}>
              {part.text}
            </li>
          ))}
        </ul>
      </div>
      {quiet && <FirstSteps meta={meta.data} quiet />}
      <SectionFailure source={slos} />
      {slos.data && all.length === 0 && <NoObjectives />}
      <div className="cards">
        {all.map(slo => (
          <SloCard key={`${slo.service}/${slo.slo}`} slo={slo} stale={slos.stale} />
        ))}
      </div>
      <ActiveAlerts />
      <Notifications />
      <RecentTraces source={traces} />
      <Section title="Scrape targets" testId="targets" source={meta}>
        {answer => <Targets targets={answer.targets} stale={meta.stale} />}
      </Section>
      {!quiet && <FirstSteps meta={meta.data} quiet={false} />}
    </>
  );
}

function NoObjectives() {
  return (
    <div className="empty" data-testid="no-slos">
      <p>
        <strong>No objectives are loaded.</strong> Start the guard with <code>--slos</code> and a folder of
        OpenSLO files; each objective in it becomes rules, alerts and a card on this page.
      </p>
    </div>
  );
}
