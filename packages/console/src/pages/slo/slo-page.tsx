import { Chip, SegmentedControl, Skeleton, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { SloSummary } from '../../../../guard/src/server/console-types.ts';
import { useBurn, useSlos } from '../../api/queries.ts';
import { BurnLegend } from '../../chart/burn-legend.tsx';
import { BurnPanel } from '../../chart/burn-panel.tsx';
import { defaultWindows } from '../../chart/windows.ts';
import { BudgetMeter } from '../../components/budget-meter.tsx';
import { SectionFailure } from '../../components/section.tsx';
import { Since } from '../../components/since.tsx';
import { activeSince, promise } from '../../components/slo-facts.ts';
import { lookOf, StateBadge } from '../../components/state-badge.tsx';
import { SloAlerts } from './slo-alerts.tsx';

const RANGES = [
  { value: '15', label: '15 min' },
  { value: '30', label: '30 min' },
  { value: '60', label: '1 h' },
  { value: '360', label: '6 h' },
  { value: '1440', label: '24 h' },
];

/** One objective in full: any of its windows over any range, its thresholds, budget and alerts. */
export default function SloPage({ service, slo }: { service: string; slo: string }) {
  const source = useSlos();
  const found = source.data?.slos.find(candidate => candidate.service === service && candidate.slo === slo);
  useEffect(() => {
    document.title = `${service} ${slo} · slo-guard`;
  }, [service, slo]);
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link href="/">Objectives</Link>
      </nav>
      <SectionFailure source={source} />
      {found && <SloDetail slo={found} stale={source.stale} />}
      {!found && source.data && <UnknownSlo service={service} slo={slo} />}
      {!source.data && !source.failure && <Skeleton height={320} />}
    </>
  );
}

function SloDetail({ slo, stale }: { slo: SloSummary; stale: boolean }) {
  const windows = slo.burnRates.map(rate => rate.window);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [minutes, setMinutes] = useState(30);
  const [point, setPoint] = useState<number | null>(null);
  const wanted = chosen ?? defaultWindows(windows, slo.thresholds);
  const shown = windows.filter(window => wanted.includes(window));
  const burn = useBurn(slo.service, slo.slo, shown, minutes);
  const since = activeSince(slo);

  const toggle = (next: string[]): void => {
    // A chart without lines explains nothing: the last window stays.
    if (next.length > 0) setChosen(next);
  };

  return (
    <>
      <div className="page-title">
        <div>
          <Title order={1} size="h3">
            {slo.service} <span className="slo-name">{slo.slo}</span>
          </Title>
          <p className="dim">{promise(slo)}</p>
        </div>
        <div className="card-state">
          <StateBadge state={slo.state} severity={slo.severity} stale={stale} />
          {since !== null && <Since at={since} prefix="since " />}
        </div>
      </div>
      <section
        className={`card edge-${stale ? 'stale' : lookOf(slo.state, slo.severity)}`}
        aria-label="Burn rate"
      >
        <div className="chart-controls">
          <fieldset className="chips">
            <legend className="visually-hidden">Windows drawn</legend>
            <Chip.Group multiple value={shown} onChange={toggle}>
              {windows.map(window => (
                <Chip key={window} value={window} size="xs" data-testid={`window-${window}`}>
                  {window}
                </Chip>
              ))}
            </Chip.Group>
          </fieldset>
          <SegmentedControl
            aria-label="Range"
            size="xs"
            data={RANGES}
            value={String(minutes)}
            onChange={value => setMinutes(Number(value))}
            data-testid="range"
          />
        </div>
        <BurnLegend slo={slo} shown={shown} burn={burn.data} point={point} stale={stale || burn.stale} />
        <BurnPanel slo={slo} source={burn} minutes={minutes} height={340} onPoint={setPoint} />
        <BudgetMeter slo={slo} stale={stale} />
      </section>
      <SloAlerts slo={slo} stale={stale} />
    </>
  );
}

function UnknownSlo({ service, slo }: { service: string; slo: string }) {
  return (
    <div className="empty" data-testid="unknown-slo">
      <Title order={1} size="h3">
        No objective {slo} of {service}
      </Title>
      <p>
        The loaded rules have no such objective. <Link href="/">See those there are</Link>
      </p>
    </div>
  );
}
