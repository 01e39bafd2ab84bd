import { formatDuration } from '../core/index.ts';
import { generatedHeader, toYaml } from '../generate/index.ts';
import type { Stack } from './model.ts';
import { addressOf, type RenderTarget } from './render-target.ts';

/** `alertmanager.yml`: everything to the webhook receiver; a page silences the ticket of the same service and SLO. */
export function renderAlertmanagerConfig(
  stack: Stack,
  target: RenderTarget,
  sources: readonly string[] = ['stack.yaml'],
): string {
  const { intervals, routing, receiver } = stack;
  const config = {
    route: {
      receiver: 'webhook',
      group_by: routing.groupBy,
      group_wait: formatDuration(intervals.groupWait),
      group_interval: formatDuration(intervals.groupInterval),
      repeat_interval: formatDuration(intervals.repeatInterval),
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="page"'],
        target_matchers: ['severity="ticket"'],
        equal: routing.inhibitEqual,
      },
    ],
    receivers: [
      {
        name: 'webhook',
        webhook_configs: [{ url: `http://${addressOf(receiver, target)}/webhook`, send_resolved: true }],
      },
    ],
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}
