import { expect, test } from 'vitest';
import { parseExpr } from '../promql/index.ts';
import { keepsLabel } from './kept-labels.ts';

test.each([
  ['rate(a[5m])', true],
  ['sum(rate(a[5m]))', false],
  ['sum by (route) (rate(a[5m]))', true],
  ['sum by (zone) (rate(a[5m]))', false],
  ['sum without (zone) (rate(a[5m]))', true],
  ['sum without (route) (rate(a[5m]))', false],
  ['topk(3, a)', true],
  ['sum by (route) (sum by (zone) (a))', false],
  ['1 - sum by (route) (a)', true],
  ['-(sum by (route) (a)) / 2', true],
  ['sum by (route) (a) / sum(b)', true],
  ['a / on (zone) b', false],
  ['a / on (route) b', true],
  ['a / ignoring (route) b', false],
  ['sum(a) / on () group_right () b', true],
  ['a / on (zone) group_left () sum by (zone) (b)', true],
  ['max_over_time(sum(a)[5m:])', false],
  ['label_replace(sum by (zone) (a), "route", "$1", "zone", "(.*)")', true],
])('%s keeps the label route: %s', (text, keeps) => {
  expect(keepsLabel(parseExpr(text), 'route')).toBe(keeps);
});
