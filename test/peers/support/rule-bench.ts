import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineName, type EngineProcess, startEngine } from './engine-process.ts';

/** An alert as an engine posts it, with what came along. */
export interface Posted {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  /** Unix milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly generatorURL: string;
  readonly authorization: string | undefined;
}

/** An engine that scrapes what the test says every second, and posts its alerts to the test. */
export interface RuleBench {
  readonly name: EngineName;
  /** The exposition that the target gives from now on. */
  expose(text: string): void;
  /** Alerts in the order in which they came. */
  readonly posted: readonly Posted[];
  /** How many alerts came with each request that was answered well. */
  readonly batches: readonly number[];
  /** The status that requests with alerts are answered with from now on; 200 until then. */
  answer(status: number): void;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  api(path: string): Promise<any>;
  /** The exposition of its own metrics. */
  metrics(): Promise<string>;
  write(file: string, text: string): void;
  /** The status and body of `POST /-/reload`. */
  reload(): Promise<{ status: number; text: string }>;
  /** Ends the engine, waits, and starts it on the same data. */
  restart(downSeconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface RuleBenchOptions {
  readonly name: EngineName;
  readonly folder: string;
  readonly rules: string;
  readonly flags?: readonly string[];
}

export async function startRuleBench({
  name,
  folder,
  rules,
  flags = [],
}: RuleBenchOptions): Promise<RuleBench> {
  let exposition = '';
  const posted: Posted[] = [];
  const batches: number[] = [];
  let status = 200;
  const target = await listen((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(exposition);
  });
  const router = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(status).end();
    if (status !== 200) return;
    const alerts = JSON.parse(body);
    batches.push(alerts.length);
    for (const alert of alerts)
      posted.push({
        ...alert,
        startsAt: Date.parse(alert.startsAt),
        endsAt: Date.parse(alert.endsAt),
        authorization: request.headers.authorization,
      });
  });
  const config = `global:
  scrape_interval: 1s
  evaluation_interval: 1s
  external_labels: { env: prod, own: outside }
rule_files: ['rules*.yml']
scrape_configs: [{ job_name: target, static_configs: [{ targets: ['${addressOf(target)}'] }] }]
alerting:
  alert_relabel_configs: [{ regex: instance|job, action: labeldrop }]
  alertmanagers:
    - basic_auth: { username: me, password: secret }
      file_sd_configs: [{ files: [alertmanagers.yml], refresh_interval: 1s }]
`;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  mkdirSync(folder, { recursive: true });
  write('alertmanagers.yml', `- targets: ['${addressOf(router)}']\n`);
  write('rules.yml', rules);
  const start = () => startEngine(name, { folder, config, flags: ['--web.enable-lifecycle', ...flags] });
  let engine: EngineProcess = await start();

  return {
    name,
    expose(text) {
      exposition = text;
    },
    posted,
    batches,
    answer(next) {
      status = next;
    },
    async api(path) {
      const response = await fetch(`http://${engine.address}${path}`);
      if (response.status === 503) throw new Error(`${path}: ${await response.text()}`);
      return response.json();
    },
    metrics: async () => (await fetch(`http://${engine.address}/metrics`)).text(),
    write,
    async reload() {
      const response = await fetch(`http://${engine.address}/-/reload`, { method: 'POST' });
      return { status: response.status, text: await response.text() };
    },
    async restart(downSeconds) {
      await engine.stop();
      await sleep(downSeconds * 1000);
      engine = await start();
    },
    async stop() {
      await engine.stop();
      for (const server of [target, router]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(answer: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(answer as never);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const addressOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
