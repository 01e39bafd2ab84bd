import type { Rng } from '../../../packages/guard/src/core/index.ts';
import * as values from './values.ts';

/** Metrics of one name: the labels and how their values come about. */
export interface Family {
  readonly name: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly values: (rng: Rng) => values.Values;
  /** The share of the possible label sets that exist. */
  readonly share: number;
}

const JOBS = ['api', 'db', 'web'];
const INSTANCES = ['a:80', 'b:80', 'c:81'];
const CODES = ['200', '404', '500', '503'];

export const FAMILIES: readonly Family[] = [
  {
    name: 'requests_total',
    labels: { job: JOBS, instance: INSTANCES, code: CODES },
    values: values.wholeCounter,
    share: 0.6,
  },
  {
    name: 'errors_total',
    labels: { job: JOBS, instance: INSTANCES },
    values: values.rareCounter,
    share: 0.9,
  },
  {
    name: 'bytes_total',
    labels: { job: JOBS, direction: ['in', 'out'] },
    values: values.fractionalCounter,
    share: 1,
  },
  { name: 'huge_total', labels: { job: JOBS }, values: values.hugeCounter, share: 1 },
  { name: 'temperature', labels: { job: JOBS, instance: INSTANCES }, values: values.walk, share: 0.8 },
  { name: 'level', labels: { job: JOBS, instance: INSTANCES }, values: values.levels, share: 0.9 },
  { name: 'extreme', labels: { job: JOBS, kind: ['x', 'y'] }, values: values.extremes, share: 1 },
  { name: 'spiked', labels: { job: JOBS, kind: ['x', 'y'] }, values: values.spiked, share: 1 },
  { name: 'magnitude', labels: { instance: INSTANCES }, values: values.magnitudes, share: 1 },
  { name: 'up', labels: { job: JOBS, instance: INSTANCES }, values: values.constant(1), share: 1 },
  {
    name: 'build_info',
    labels: { job: JOBS, version: ['1.0', '2.0-rc1'], branch: ['', 'main'] },
    values: values.constant(1),
    share: 0.5,
  },
  { name: 'job:requests:rate5m', labels: { job: JOBS }, values: values.walk, share: 1 },
  { name: 'started_at', labels: { job: JOBS }, values: values.instants, share: 1 },
  {
    name: 'http.server.requests',
    labels: { 'service.name': ['köln', '日本', 'a"b\\c'], job: JOBS },
    values: values.wholeCounter,
    share: 0.6,
  },
  {
    name: 'größe 🦀',
    labels: { 'label with space': ['1', '2'], job: JOBS },
    values: values.walk,
    share: 0.7,
  },
];
