import { formatDuration, type Milliseconds } from '../core/index.ts';
import { generatedHeader, toYaml } from '../generate/index.ts';
import type { Stack } from './model.ts';
import { addressOf, type RenderTarget } from './render-target.ts';

const HEARTBEAT_RECEIVER = 'deadman';

/**
 * One notification an interval. A group is looked at twice in it and a repeat is due after three quarters: the moment
 * when the last one was sent may then lie a little off, where two equal intervals would leave out every other heartbeat.
 */
const heartbeatRoute = (interval: Milliseconds) => ({
  receiver: HEARTBEAT_RECEIVER,
  matchers: ['alertname="Watchdog"'],
  group_by: ['alertname'],
  group_wait: '0s',
  group_interval: formatDuration(Math.round(interval / 2)),
  repeat_interval: formatDuration(Math.round((interval * 3) / 4)),
});

/**
 * `alertmanager.yml`: everything to the webhook receiver, but for the heartbeat, which goes to the receiver's dead-man's
 * part alone; a page silences the ticket of the same service and SLO. To Alertmanager two absent labels are equal: without
 * the matchers that want them, a page of no SLO would silence every ticket of none.
 */
export function renderAlertmanagerConfig(
  stack: Stack,
  target: RenderTarget,
  sources: readonly string[] = ['stack.yaml'],
): string {
  const { intervals, routing, receiver, watchdog } = stack;
  const receiverUrl = `http://${addressOf(receiver, target)}`;
  const config = {
    route: {
      receiver: 'webhook',
      group_by: routing.groupBy,
      group_wait: formatDuration(intervals.groupWait),
      group_interval: formatDuration(intervals.groupInterval),
      repeat_interval: formatDuration(intervals.repeatInterval),
      routes: [heartbeatRoute(watchdog.interval)],
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="page"'],
        target_matchers: ['severity="ticket"', ...routing.inhibitEqual.map(label => `${label}!=""`)],
        equal: routing.inhibitEqual,
      },
    ],
    receivers: [
      {
        name: 'webhook',
        webhook_configs: [{ url: `${receiverUrl}/webhook`, send_resolved: true }],
      },
      {
        name: HEARTBEAT_RECEIVER,
        webhook_configs: [{ url: `${receiverUrl}/heartbeat`, send_resolved: false }],
      },
    ],
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}
