import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(import.meta.dirname, '../../.github/workflows/ci.yml'), 'utf8');
const workflow = parse(text) as {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; 'timeout-minutes'?: number }>>;
};
const steps = workflow.jobs.stack!.steps;
const indexOf = (pattern: RegExp) => steps.findIndex(({ run = '', uses = '' }) => pattern.test(run + uses));

describe('the workflow', () => {
  it('runs on push and on pull requests, with rights to read alone and a time limit on each job', () => {
    expect(Object.keys(workflow.on).sort()).toEqual(['pull_request', 'push']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('pins every action by its hash, with the version beside it', () => {
    const uses = text.match(/uses: .*/g)!;
    expect(uses.length).toBeGreaterThan(0);
    for (const one of uses) expect(one).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('starts the containers, asks each for its health, sees targets and rules, and drills, in this order', () => {
    const order = [
      /compose up .*--build/,
      /healthz/,
      /api\/v1\/targets/,
      /api\/v1\/rules/,
      /slo-guard drill/,
    ];
    const places = order.map(indexOf);
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const port of [8001, 8002, 8080, 13133, 16686, 9090, 9093, 3000])
      expect(steps[places[1]!]!.run).toContain(`http://127.0.0.1:${port}/`);
    for (const flag of [
      'json',
      'junit',
      'service-a',
      'service-b',
      'prometheus',
      'alertmanager',
      'receiver',
      'jaeger',
    ])
      expect(steps[places[4]!]!.run).toContain(`--${flag} `);
  });

  it('keeps logs and reports and tears everything down, whatever happened', () => {
    const ends = [/compose logs/, /upload-artifact/, /compose down/].map(indexOf);
    for (const place of ends) expect(steps[place]).toMatchObject({ if: 'always()' });
    expect(ends.at(-1)).toBe(steps.length - 1);
    for (const file of ['containers.log', 'drill.json', 'drill.xml'])
      expect(String(steps[ends[1]!]!.with!.path)).toContain(file);
  });
});
