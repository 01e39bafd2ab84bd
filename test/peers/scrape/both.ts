import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { expect } from 'vitest';
import { startEngine } from '../support/engine-process.ts';
import type { Answer, ScrapeCase } from './case.ts';
import { createObserver, type Observer } from './observe.ts';
import { startTargets, type TargetServer } from './target-server.ts';

/** Both engines, scraping the same targets. */
export interface Both {
  readonly ours: Observer;
  readonly theirs: Observer;
  readonly targets: TargetServer;
  /** The folder of an engine, which holds its configuration. */
  readonly folders: readonly [ours: string, theirs: string];
  /** Waits until both have stored so many scrapes of a target. */
  reach(selector: string, scrapes: number): Promise<void>;
  stop(): Promise<void>;
}

export interface BothOptions {
  readonly cases?: readonly ScrapeCase[];
  /** Answers whatever is no case, by its path. */
  readonly other?: (path: string) => Answer | undefined;
  /** A prometheus.yml. */
  readonly config: (targets: TargetServer) => string;
  readonly files?: (targets: TargetServer) => Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

export async function startBoth(options: BothOptions): Promise<Both> {
  const { cases = [], other = () => undefined, flags = [] } = options;
  const root = mkdtempSync(join(tmpdir(), 'slo-guard-scrape-'));
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'here.test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const targets = await startTargets({ cases, other, cert, key });
  const files = { 'ca.pem': cert, ...options.files?.(targets) };
  const names = ['slo-guard', 'prometheus'] as const;
  const folders = names.map(name => join(root, name)) as [string, string];
  const engines = await Promise.all(
    names.map((name, i) => {
      mkdirSync(join(folders[i]!, 'more'), { recursive: true });
      const config = options.config(targets);
      const external = '--web.external-url=http://guard.example:9090/';
      return startEngine(name, { folder: folders[i]!, config, files, flags: [external, ...flags] });
    }),
  );
  const [ours, theirs] = engines.map(({ address }) => createObserver(address)) as [Observer, Observer];
  return {
    ours,
    theirs,
    targets,
    folders,
    async reach(selector, scrapes) {
      await expect
        .poll(() => Promise.all([ours, theirs].map(observer => observer.scrapes(selector))), {
          timeout: 90_000,
          interval: 500,
        })
        .satisfies((counts: number[]) => counts.every(count => count >= scrapes));
    },
    async stop() {
      ours.close();
      theirs.close();
      await Promise.all(engines.map(engine => engine.stop()));
      await targets.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
