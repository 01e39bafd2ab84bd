import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Both, startBoth } from './api/both.ts';
import { type ApiAnswer, type ApiCase, ask, comparable, type MeantDifference } from './api/case.ts';
import { LISTING_CASES } from './api/listing-cases.ts';
import { QUERY_CASES } from './api/query-cases.ts';
import { SERVER_CASES } from './api/server-cases.ts';

let both: Both;

beforeAll(async () => {
  both = await startBoth(['--web.external-url=http://guard.example:9090/']);
});
afterAll(() => both.stop());

async function compare({ request, view, ours: meant }: ApiCase): Promise<void> {
  const { ours, theirs } = both;
  const [our, their] = await Promise.all([ask(ours.address, request), ask(theirs.address, request)]);
  if (!meant) {
    expect(comparable(our, view)).toEqual(comparable(their, view));
    return;
  }
  expect(comparable(our, view), 'the difference is gone: take it out of the table').not.toEqual(
    comparable(their, view),
  );
  expectMeant(our, meant);
}

function expectMeant(answer: ApiAnswer, { status, text }: MeantDifference): void {
  const said = answer.type?.startsWith('application/json') ? JSON.parse(answer.text) : {};
  expect(answer.status).toBe(status);
  expect(said.error ?? answer.text).toMatch(text);
}

describe.each([
  ['queries', QUERY_CASES],
  ['series, labels and values', LISTING_CASES],
  ['rules, targets, status and paths', SERVER_CASES],
] as const)('answers as the real Prometheus does: %s', (_subject, cases) => {
  it.each(cases.map(one => [one.name, one] as const))('%s', (_name, one) => compare(one));
});
