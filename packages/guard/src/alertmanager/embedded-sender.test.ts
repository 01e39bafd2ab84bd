import { describe, expect, it } from 'vitest';
import { Labels, silentLogger } from '../core/index.ts';
import type { OutgoingAlert } from '../rules/alert-sender.ts';
import { createEmbeddedSender } from './embedded-sender.ts';
import { START, startRouter } from './test-router.ts';

const alert = (name: string): OutgoingAlert => ({
  labels: Labels.of({ alertname: name }),
  annotations: Labels.of({ summary: 's' }),
  startsAt: START - 1000,
  endsAt: START + 1000,
  generatorUrl: 'http://localhost:9090/graph',
});

describe('the embedded sender', () => {
  it('hands alerts to the router with their times, annotations and source', () => {
    const { router } = startRouter('route: { receiver: r }\nreceivers: [{ name: r }]');
    createEmbeddedSender(router, silentLogger).send([alert('A')]);
    expect(router.alerts()[0]).toMatchObject({
      labels: { alertname: 'A' },
      annotations: { summary: 's' },
      startsAt: '2025-12-31T23:59:59.000Z',
      endsAt: '2026-01-01T00:00:01.000Z',
      generatorURL: 'http://localhost:9090/graph',
    });
  });

  it('does not throw at the rules when the router does', () => {
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (_fields: object, message: string) => errors.push(message) };
    const broken = {
      put: () => {
        throw new Error('broken');
      },
    };
    createEmbeddedSender(broken, logger).send([alert('A')]);
    expect(errors).toEqual(['alerts could not be routed']);
  });
});
