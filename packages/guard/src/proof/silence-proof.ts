import { formatDuration, type Milliseconds } from '../core/index.ts';
import { predictDetection } from '../slo/index.ts';
import { failure } from './codes.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import type { SilenceExpectation } from './drill-file.ts';
import { describeFault, type Fault } from './fault.ts';
import type { FaultCourse } from './predict.ts';
import type { Outcome } from './report-model.ts';
import { PROBES, type ProbeContext, shortBurn } from './stages.ts';
import type { WatchOptions } from './watch.ts';

export interface SilenceProofOptions extends WatchOptions {
  readonly fault: Fault;
  readonly expect: SilenceExpectation;
  readonly course: FaultCourse;
}

const PAUSE: Milliseconds = 1000;
/** What failures pass until a burn rate shows them. */
const VISIBLE = ['failing responses', 'samples scraped', 'burn over threshold'] as const;

/** Sets the fault and looks on: the burn must become visible, and nothing in `never` may fire. */
export async function proveSilence(options: SilenceProofOptions): Promise<Outcome> {
  const { clock, signal, fault, expect, context, onProgress } = options;
  const { drill, client, alert, traffic } = context;
  onProgress(`fault active: ${describeFault(await fault.inject())}`);
  const until = clock.monotonic() + expect.silent_for;
  const fired = new Set<string>();
  let highest = 0;
  while (clock.monotonic() < until) {
    // A look that fails shows nothing: were all to fail, the burn would not become visible, and the drill fails.
    const [burn, alerts] = await Promise.all([
      shortBurn(context).catch(() => undefined),
      client.alerts().catch(() => []),
    ]);
    highest = Math.max(highest, burn ?? 0);
    for (const { labels, state } of alerts) if (state === 'firing') fired.add(labels.alertname ?? '');
    await clock.sleep(PAUSE, signal);
  }
  const unwanted = drill.never.filter(name => fired.has(name));
  const invisible =
    highest < expect.burn_at_least
      ? [
          failure(
            'silence-empty',
            `the burn rate reached ${highest.toFixed(2)} only, not ${expect.burn_at_least}: silence proves nothing`,
          ),
        ]
      : [];
  return {
    phases: [],
    figures: [],
    failures: [
      ...invisible,
      ...unwanted.map(name => failure('alert-unwanted', `${name} fired, and must not`)),
    ],
    diagnosis: invisible.length === 0 ? undefined : await whyInvisible(context),
    notes: [
      prediction(options),
      `burn rate over ${formatDuration(alert.shortWindow)} reached ${highest.toFixed(2)} in ${expect.silent_for / 1000} s`,
      `${traffic.counts().failed} of ${traffic.counts().sent} requests failed`,
    ],
  };
}

/** The hop at which the failures were lost; undefined when they were seen at each, and are too few. */
async function whyInvisible(context: ProbeContext): Promise<Diagnosis | undefined> {
  for (const stage of VISIBLE) {
    if (await PROBES[stage](context).catch(() => false)) continue;
    const diagnosis = await diagnose(stage, context);
    return diagnosis.cause === 'condition-unmet' ? undefined : diagnosis;
  }
  return undefined;
}

function prediction({ course, context, expect }: SilenceProofOptions): string {
  const { alert } = context;
  const detection = predictDetection({ ...course.baseline.alert, ...course });
  const share = (ratio: number) => `${Number((ratio * 100).toPrecision(3))} %`;
  if (detection.outcome === 'never')
    return `predicted: ${alert.name} never fires at ${share(course.errorRatio)}, it needs more than ${share(detection.threshold)}`;
  const late = detection.crossesAfter * 1000 > expect.silent_for;
  return `predicted: ${alert.name} is crossed after ${detection.crossesAfter.toFixed(1)} s, ${late ? 'later than' : 'within'} the drill's ${expect.silent_for / 1000} s`;
}
