import { formatDuration, type Milliseconds, type Problem } from '../../core/index.ts';
import { impossibleAlerts, suspiciousAlerts } from '../lint.ts';
import type { Slo } from '../model.ts';
import { windowLength } from '../time-window.ts';
import type { LintCode } from './codes.ts';
import type { Fault } from './fault.ts';

/** Whether the alerts of an objective's policy can fire, and do so when they should. */
export function policyFaults({ objective, window, policy }: Slo): Fault[] {
  const shape = { objective, window: windowLength(window), policy };
  return [...impossibleAlerts(shape), ...suspiciousAlerts(shape)].map(faultOf);
}

const faultOf = ({ code, message, remedy = '' }: Problem): Fault => ({
  code: code as LintCode,
  message,
  remedy,
});

/** A rate needs two samples; with four scrapes one may fail and a series may be new. */
const LEAST_SCRAPES = 4;

/** Windows in which too few samples lie to tell a rate. */
export function shortWindowFaults({ policy }: Slo, scrapeInterval: Milliseconds): Fault[] {
  return policy.tiers
    .filter(({ shortWindow }) => shortWindow < LEAST_SCRAPES * scrapeInterval)
    .map(({ suffix, shortWindow }) => ({
      code: 'short-window',
      message: `alert ${suffix} looks back ${formatDuration(shortWindow)}, in which a scrape every ${formatDuration(Math.round(scrapeInterval / 1000) * 1000)} leaves ${Math.floor(shortWindow / scrapeInterval)} samples: a rate needs ${LEAST_SCRAPES} to be safe from one that is lost`,
      remedy: `scrape every ${formatDuration(Math.floor(shortWindow / LEAST_SCRAPES / 1000) * 1000)} or more often, or choose a policy with longer windows`,
    }));
}
