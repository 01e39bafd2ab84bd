import { Registry } from 'prom-client';
import {
  createVirtualClock,
  type Labels,
  type Milliseconds,
  milliseconds,
  silentLogger,
} from '../core/index.ts';
import type { Appendable, AppendOutcome } from '../promql/index.ts';
import { createScrapeManager, loadPrometheusConfig, type ScrapeClient, type ScrapeRequest } from './index.ts';

/** Where the clock of these tests begins. */
export const START = 1_000_000;

/** The labels of their target, as they are printed. */
export const TARGET = 'instance="h:1", job="j"';

/** Keeps what was committed as lines `series value @seconds since the start`. */
function createRecorder(start: Milliseconds) {
  const lines: string[] = [];
  const newest = new Map<string, { timestamp: number; value: number }>();
  const appendable: Appendable = {
    appender() {
      const pending: { line: string; key: string; timestamp: number; value: number }[] = [];
      const add = (labels: Labels, timestamp: number, value: number, shown: string): AppendOutcome => {
        const last = newest.get(labels.key);
        if (last && timestamp < last.timestamp) return 'out-of-order';
        if (pending.some(other => other.key === labels.key && other.timestamp === timestamp))
          return 'duplicate-other-value';
        const at = (timestamp - start) / 1000;
        pending.push({ line: `${labels} ${shown} @${at}`, key: labels.key, timestamp, value });
        return 'appended';
      };
      return {
        append: (labels, timestamp, value) => add(labels, timestamp, value, String(value)),
        appendStale: (labels, timestamp) => add(labels, timestamp, Number.NaN, 'stale'),
        appendExemplar: (labels, exemplar) => {
          const line = `${labels} # ${exemplar.labels} ${exemplar.value} @${(exemplar.timestamp - start) / 1000}`;
          pending.push({ line, key: '', timestamp: 0, value: 0 });
          return 'appended';
        },
        commit() {
          for (const { line, key, timestamp, value } of pending) {
            lines.push(line);
            newest.set(key, { timestamp, value });
          }
        },
        rollback() {
          pending.length = 0;
        },
      };
    },
  };
  const report = /^scrape_/;
  return {
    appendable,
    /** What came since the last call, without the report series but `up`. */
    take: () => lines.splice(0).filter(line => !report.test(line)),
    takeAll: () => lines.splice(0),
  };
}

/** What a target answers; a text is of the text format. */
export type Answer = string | Error | { readonly body: string; readonly contentType?: string };

export interface SetupOptions {
  /** Every look at the clock finds it 10 ms later. */
  readonly busy?: boolean;
  readonly startTimestamps?: boolean;
  /** YAML in front of the job. */
  readonly global?: string;
}

/** A manager over one target whose answers come from `answer`; `extra` is YAML of the job. */
export function setup(
  answer: () => Answer | Promise<Answer>,
  extra = '',
  { busy = false, startTimestamps = false, global = '{ scrape_interval: 10s }' }: SetupOptions = {},
) {
  const virtual = createVirtualClock(milliseconds(START));
  let looks = 0;
  const clock = busy ? { ...virtual, monotonic: () => virtual.monotonic() + 10 * looks++ } : virtual;
  const recorder = createRecorder(START);
  const registry = new Registry();
  const requests: ScrapeRequest[] = [];
  const fetch: ScrapeClient['fetch'] = async request => {
    requests.push(request);
    const given = await answer();
    if (given instanceof Error) throw given;
    const { body, contentType } =
      typeof given === 'string' ? { body: given, contentType: 'text/plain' } : given;
    return { contentType, body: Buffer.from(body), redact: text => text };
  };
  const configOf = (targets: string) =>
    loadPrometheusConfig(
      'prometheus.yml',
      `
global: ${global}
scrape_configs:
  - job_name: j
    static_configs: [{ targets: [${targets}] }]
${extra}`,
    );
  const manager = createScrapeManager({
    config: configOf('h:1'),
    appendable: recorder.appendable,
    clock,
    logger: silentLogger,
    registry,
    startTimestamps,
    connect: () => ({ fetch, close: async () => {} }),
    spread: () => 0,
  });
  /** A metric of the guard itself, by its name and labels. */
  const metric = async (name: string, labels: Record<string, string> = {}) => {
    const values = (await registry.getSingleMetric(name)!.get()).values;
    return values.find(value => Object.entries(labels).every(([key, text]) => value.labels[key] === text))
      ?.value;
  };
  return { clock, manager, configOf, requests, metric, ...recorder };
}
