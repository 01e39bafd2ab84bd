import { Registry } from 'prom-client';
import { silentLogger } from '../core/index.ts';
import { ofService, span } from './fixtures.ts';
import { createSpanStore } from './index.ts';

/**
 * The victim of the crash test: writes numbered spans without end, several batches at a time, and prints the first
 * number of each batch once it is acknowledged. Arguments: file, first number.
 */
const BATCH = 20;
const [file, first] = process.argv.slice(2);
const store = await createSpanStore({
  file: file!,
  logger: silentLogger,
  registry: new Registry(),
  retention: 1e12,
  maxSpans: 1e9,
});
let next = Number(first);

async function writeWithoutEnd(): Promise<never> {
  for (;;) {
    const from = next;
    next += BATCH;
    const spans = Array.from({ length: BATCH }, (_, i) =>
      span({ trace: Math.floor((from + i) / 7), id: from + i }),
    );
    await store.write([ofService('crash', spans)]);
    process.stdout.write(`${from}\n`);
  }
}
await Promise.all([writeWithoutEnd(), writeWithoutEnd(), writeWithoutEnd()]);
