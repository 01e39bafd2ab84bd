import { Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { SloSummary } from '../../../../guard/src/server/console-types.ts';
import { useBurn } from '../../api/queries.ts';
import { BurnLegend } from '../../chart/burn-legend.tsx';
import { BurnPanel } from '../../chart/burn-panel.tsx';
import { fromFirstSample } from '../../chart/from-first-sample.ts';
import { defaultWindows } from '../../chart/windows.ts';
import { BudgetMeter } from '../../components/budget-meter.tsx';
import { Since } from '../../components/since.tsx';
import { activeSince, promise } from '../../components/slo-facts.ts';
import { lookOf, StateBadge } from '../../components/state-badge.tsx';

const MINUTES = 30;
/** The shortest span drawn while a stack is young. */
const YOUNG_SPAN = 5 * 60_000;

/** One objective: its state and since when, how fast its budget burns, and what is left of it. */
export function SloCard({ slo, stale }: { slo: SloSummary; stale: boolean }) {
  const windows = slo.burnRates.map(rate => rate.window);
  const shown = defaultWindows(windows, slo.thresholds);
  const answer = useBurn(slo.service, slo.slo, shown, MINUTES);
  const data = useMemo(() => answer.data && fromFirstSample(answer.data, YOUNG_SPAN), [answer.data]);
  const burn = { ...answer, data };
  const [point, setPoint] = useState<number | null>(null);
  const since = activeSince(slo);
  const old = stale || burn.stale;
  return (
    <article
      className={`card edge-${old ? 'stale' : lookOf(slo.state, slo.severity)}`}
      data-testid={`slo-${slo.service}-${slo.slo}`}
      aria-label={`${slo.service} ${slo.slo}`}
    >
      <div className="card-head">
        <div>
          <Title order={2} size="h4">
            <Link href={`/slo/${encodeURIComponent(slo.service)}/${encodeURIComponent(slo.slo)}`}>
              {slo.service} <span className="slo-name">{slo.slo}</span>
            </Link>
          </Title>
          <p className="dim">{promise(slo)}</p>
        </div>
        <div className="card-state">
          <StateBadge state={slo.state} severity={slo.severity} stale={old} />
          {since !== null && <Since at={since} prefix="since " />}
        </div>
      </div>
      <BurnLegend slo={slo} shown={shown} burn={burn.data} point={point} stale={old} />
      <BurnPanel slo={slo} source={burn} minutes={MINUTES} height={176} onPoint={setPoint} />
      <BudgetMeter slo={slo} stale={old} />
    </article>
  );
}
