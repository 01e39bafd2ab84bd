import { randomUUID } from 'node:crypto';
import { createSystemClock, parseDuration, UserError } from '../../core/index.ts';
import { alignColumns, printable } from '../columns.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { createRouter } from '../page/router.ts';
import { sendTestPage, TEST_LABEL, type TestPageResult } from '../page/test-page.ts';

export interface PageOptions {
  readonly alertmanager: string;
  readonly label: readonly string[];
  readonly severity: string;
  readonly receiver?: string;
  readonly timeout: string;
  readonly json: boolean;
}

/** `slo-guard page`. @throws UserError `bad-option`, `unreachable`, `bad-request` */
export async function page(options: PageOptions): Promise<ExitCode> {
  const timeout = parseDuration(options.timeout);
  if (timeout === undefined)
    throw new UserError('bad-option', `--timeout ${JSON.stringify(options.timeout)} is not a duration`);
  const signal = interruptSignal();
  const labels = { alertname: 'SLOGuardTestPage', severity: options.severity, ...labelsOf(options.label) };
  const router = createRouter(options.alertmanager);
  const result = await sendTestPage({
    router,
    clock: createSystemClock(),
    labels,
    id: randomUUID(),
    ...(options.receiver !== undefined && { receiver: options.receiver }),
    timeout,
    signal,
  }).finally(() => router.close());
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : showResult(result));
  if (signal.aborted) return EXIT.interrupted;
  return result.arrived ? EXIT.good : EXIT.no;
}

function labelsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(pair => {
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      if (at < 1 || name === TEST_LABEL)
        throw new UserError('bad-option', `--label ${JSON.stringify(pair)} is not a name=value of your own`);
      return [name, pair.slice(at + 1)];
    }),
  );
}

function showResult({ arrived, isKnown, reason, receivers, by, after, labels }: TestPageResult): string {
  const rows: [string, string][] = [
    ['arrived', arrived ? 'yes' : isKnown ? 'no' : 'cannot be told'],
    ['reason', printable(reason)],
    ['receivers', printable(receivers.join(', ')) || 'none'],
    ['watched by', by === 'history' ? 'the history of the alert' : 'the counters of the router'],
    ...(after === undefined ? [] : [['after', `${(after / 1000).toFixed(1)} s`] as [string, string]]),
    [
      'labels',
      printable(
        Object.entries(labels)
          .map(pair => pair.join('='))
          .join(' '),
      ),
    ],
  ];
  return `${alignColumns(rows, ['left', 'left']).join('\n')}\n`;
}
