import { describe, expect, it } from 'vitest';
import { goQuote } from '../core/index.ts';
import { goJson, goTime } from './go-text.ts';
import { START, startRouter } from './test-router.ts';

const CONFIG = `
route:
  receiver: team.x/page (1)
  group_by: [alertname, quoted]
  labels: { team: x }
  routes:
    - matchers: [severity="page"]
      group_wait: 0s
      labels: { tier: '1' }
receivers:
  - name: team.x/page (1)
    webhook_configs: [{ url: 'http://localhost:1/', max_alerts: 2 }]
`;

describe('the webhook payload', () => {
  it('has every field of version 4 in its order and format', async () => {
    const { router, clock, payloads } = startRouter(CONFIG);
    const common = { alertname: 'X', severity: 'page', quoted: 'say "hé"\n' };
    router.put([
      {
        labels: { ...common, instance: 'b' },
        annotations: { summary: 's <&>', other: '' },
        startsAt: START - 1500,
        endsAt: START - 200,
        generatorUrl: 'http://localhost:9090/graph?g0.expr=1',
      },
      { labels: { ...common, instance: 'a' }, annotations: { summary: 's <&>' }, startsAt: START - 120 },
      { labels: { ...common, instance: 'c' } },
    ]);
    await clock.advance(0);
    expect(goJson(payloads[0])).toBe(
      `${[
        '{"receiver":"team\\\\.x/page \\\\(1\\\\)","status":"firing","alerts":[',
        '{"status":"firing","labels":{"alertname":"X","instance":"a","quoted":"say \\"hé\\"\\n","severity":"page"},',
        '"annotations":{"summary":"s \\u003c\\u0026\\u003e"},"startsAt":"2025-12-31T23:59:59.88Z",',
        '"endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"',
        payloads[0]!.alerts[0]!.fingerprint,
        '"},{"status":"resolved","labels":{"alertname":"X","instance":"b","quoted":"say \\"hé\\"\\n","severity":"page"},',
        '"annotations":{"other":"","summary":"s \\u003c\\u0026\\u003e"},"startsAt":"2025-12-31T23:59:58.5Z",',
        '"endsAt":"2025-12-31T23:59:59.8Z","generatorURL":"http://localhost:9090/graph?g0.expr=1","fingerprint":"',
        payloads[0]!.alerts[1]!.fingerprint,
        '"}],"notification_reason":"first notification",',
        '"groupLabels":{"alertname":"X","quoted":"say \\"hé\\"\\n"},',
        '"commonLabels":{"alertname":"X","quoted":"say \\"hé\\"\\n","severity":"page"},',
        '"commonAnnotations":{"summary":"s \\u003c\\u0026\\u003e"},"routeLabels":{"team":"x","tier":"1"},',
        '"externalURL":"http://localhost:9093","version":"4",',
        '"groupKey":"{}/{severity=\\"page\\"}:{alertname=\\"X\\", quoted=\\"say \\\\\\"hé\\\\\\"\\\\n\\"}",',
        '"truncatedAlerts":1}',
      ].join('')}\n`,
    );
    await router.stop();
  });
});

describe("Go's notations", () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1, '1970-01-01T00:00:00.001Z'],
    [120, '1970-01-01T00:00:00.12Z'],
    [10_000, '1970-01-01T00:00:10Z'],
  ])('writes the instant %d as %s', (at, text) => {
    expect(goTime(at)).toBe(text);
  });

  it('quotes what is not printable', () => {
    expect(goQuote('a"\\\t\x01\x7f\u00a0\u{e0001}é🙂')).toBe('"a\\"\\\\\\t\\x01\\x7f\\u00a0\\U000e0001é🙂"');
  });
});
