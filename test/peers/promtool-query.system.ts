import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Both, startBoth } from './api/both.ts';
import { START } from './api/data.ts';
import { type Printed, runPeer } from './programs.ts';

let both: Both;

beforeAll(async () => {
  both = await startBoth();
});
afterAll(() => both.stop());

const time = `--time=${START + 600}`;
const range = [`--start=${START}`, `--end=${START + 900}`, '--step=5m'];
const span = [`--start=${START}`, `--end=${START + 900}`];

/** `promtool query KIND FLAGS SERVER REST` of one of the servers. */
const promtool = (address: string, kind: string, flags: readonly string[], rest: readonly string[]) =>
  runPeer('promtool', ['query', kind, ...flags, `http://${address}`, ...rest], both.folder);

/** Lines in an order of their own: Prometheus leaves that of a vector's series to chance. */
const inOrder = ({ code, stdout, stderr }: Printed) => ({
  code,
  stdout: stdout.split('\n').sort(),
  stderr: stderr.split('\n').sort(),
});

it.each([
  ['instant', [time], ['http_requests_total'], /instance="i7"/],
  ['instant', [time], ['sum by (code) (rate(http_requests_total[5m]))'], /\{code="500"\} => /],
  ['instant', [time, '--format=json'], ['queue_length'], /"resultType"|"value"/],
  ['instant', [time], ['1/0'], /\+Inf/],
  ['instant', [time], ['rate(queue_length[5m])'], /queue|\{/],
  ['instant', [time], ['rate(x)'], /expected type range vector/],
  ['range', range, ['http_requests_total{code="200"}'], /instance="i6"/],
  ['range', [...range, '--format=json'], ['sum(http_requests_total)'], /"values"/],
  ['series', [...span, '--match=http_requests_total', '--match=queue_length'], [], /queue_length/],
  ['series', [...span, '--match=nope'], [], /^$/],
  ['labels', span, ['code'], /500/],
  ['labels', [...span, '--match=queue_length'], ['__name__'], /queue_length/],
  ['labels', span, ['nope'], /^$/],
] as const)('promtool query %s %j %j prints the same of both', async (kind, flags, rest, text) => {
  const ours = await promtool(both.ours.address, kind, flags, rest);
  const theirs = await promtool(both.theirs.address, kind, flags, rest);
  expect(inOrder(ours)).toEqual(inOrder(theirs));
  expect((ours.stdout + ours.stderr).trim()).toMatch(text);
});
