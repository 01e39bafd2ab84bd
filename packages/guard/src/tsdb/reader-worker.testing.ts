import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { connectSharedReader } from './shared-reader.ts';
import { points } from './testing.ts';

/**
 * The reading side of the worker tests. Asked `check`, it reads the store as often as it can until told to stop, and
 * answers with the first inconsistency (`count` tells how often it has read so far); asked `read`, it answers with the content.
 *
 * The writer's law: commit n gives every series that exists the value n at the instant n.
 */
const reader = await connectSharedReader(workerData as MessagePort);

function inconsistency(): string | undefined {
  const querier = reader.querier(0, 2 ** 50);
  try {
    const version = reader.version();
    const series = querier.select([]);
    const ends = new Set<number>();
    for (const { labels, samples } of series) {
      const found = points(samples(0, 2 ** 50));
      const wrong = found.findIndex(
        ([time, value], i) => time !== value || (i > 0 && time !== found[i - 1]![0] + 1),
      );
      if (wrong >= 0) return `${labels} has ${found[wrong]} after ${found[wrong - 1]} at version ${version}`;
      ends.add(found.at(-1)![0]);
    }
    return ends.size > 1 ? `series end at ${[...ends].join(', ')} at version ${version}` : undefined;
  } finally {
    querier.close();
  }
}

let checks = 0;
let checking = false;
let problem: string | undefined;

function checkOn(): void {
  problem ??= inconsistency();
  checks++;
  if (checking && !problem) setImmediate(checkOn);
}

parentPort!.on('message', (question: 'check' | 'count' | 'stop' | 'read') => {
  switch (question) {
    case 'check':
      checking = true;
      checkOn();
      break;
    case 'count':
      parentPort!.postMessage(checks);
      break;
    case 'stop':
      checking = false;
      parentPort!.postMessage({ checks, problem });
      break;
    case 'read': {
      const querier = reader.querier(0, 2 ** 50);
      const content = querier
        .select([])
        .map(series => [series.labels.toString(), points(series.samples(0, 2 ** 50))]);
      parentPort!.postMessage(Object.fromEntries(content));
      querier.close();
      break;
    }
  }
});
