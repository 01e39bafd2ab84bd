import fc from 'fast-check';
import { Registry } from 'prom-client';
import { expect } from 'vitest';
import { createVirtualClock, type Logger } from '../../core/index.ts';
import { IN_MEMORY } from '../../sqlite/index.ts';
import { createAlertmanager } from '../alertmanager.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';

/** How an echo may write it. */
export const WRITINGS: Readonly<Record<string, (piece: string) => string>> = {
  'as it is': piece => piece,
  quoted: piece => `said "${piece}".`,
  JSON: piece => JSON.stringify({ error: piece }),
  'JSON in JSON': piece => JSON.stringify({ error: JSON.stringify([piece]) }),
  'JSON in ASCII': piece =>
    JSON.stringify(piece).replace(
      /[^ -~]|[&<>']/g,
      c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'percent-encoded': encodeURIComponent,
  'percent-encoded in JSON': piece => JSON.stringify({ path: encodeURIComponent(piece) }),
  'in an address': encodeURI,
  'in a form': piece => new URLSearchParams({ piece }).toString(),
  HTML: piece =>
    piece.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;').replaceAll("'", '&#x27;'),
  base64: piece => Buffer.from(piece).toString('base64'),
  'base64 for addresses': piece => Buffer.from(piece).toString('base64url'),
  'base64 of more, by one': piece => Buffer.from(`x${piece}yz`).toString('base64'),
  'base64 of more, by two': piece => Buffer.from(`ab${piece}c`).toString('base64'),
};

/** Random, so that no word of our own has them; of what addresses may hold escaped or not. */
export const secret = fc
  .array(fc.constantFrom(...'abcXYZ0189-_.~!*()\'";@&=+$%<>\\ üé🔑'), { minLength: 6, maxLength: 24 })
  .map(characters => characters.join('').trim())
  .filter(text => new Set(text.replace(/[^a-zA-Z0-9]/g, '')).size >= 3 && !/^\.+$/.test(text))
  .map(text => `q7${text}Zk`);

/** Everything that people can see after one notification. */
export async function publishedBy(receiver: string, global = '{}'): Promise<string> {
  const logged: unknown[] = [];
  const log = (...told: unknown[]) => void logged.push(told);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const config = loadAlertmanagerConfig(
    'am.yml',
    `global: ${global}\nroute: { receiver: r, group_wait: 0s }\nreceivers: [{ name: r, ${receiver} }]`,
  );
  const router = createAlertmanager({
    config,
    clock,
    logger,
    registry: new Registry(),
    database: IN_MEMORY,
    externalUrl: 'http://am.example',
  });
  router.start();
  try {
    router.put([{ labels: { alertname: 'Burn' } }]);
    await clock.advance(1);
    while (router.recentNotifications(1).length === 0) await new Promise(resolve => setImmediate(resolve));
    const alerts = router.alerts();
    return JSON.stringify([
      config.shown,
      logged,
      router.recentNotifications(10),
      alerts.map(({ fingerprint }) => router.historyOf(fingerprint)),
      alerts,
    ]);
  } finally {
    await router.stop();
  }
}

/** Fails when the secret can be read in what was published, as it is or as it is usually written. */
export function expectHidden(published: string, text: string): void {
  for (const form of [text, encodeURIComponent(text), Buffer.from(text).toString('base64').slice(0, -3)]) {
    expect(published).not.toContain(form);
    expect(published).not.toContain(JSON.stringify(form).slice(1, -1));
  }
}
