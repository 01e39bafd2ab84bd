import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE = Buffer.alloc(4096, 1);
const MEASURED_MS = 1_000;

/**
 * How often a second the disk of the routers' folders takes a page for good (write, fdatasync): no router that answers
 * one durable alert after the other can be quicker.
 */
export function durableWritesPerSecond(): number {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-disk-'));
  const file = openSync(join(folder, 'pages'), 'w');
  try {
    const startedAt = performance.now();
    let writes = 0;
    for (; performance.now() - startedAt < MEASURED_MS; writes++) {
      writeSync(file, PAGE);
      fdatasyncSync(file);
    }
    return writes / ((performance.now() - startedAt) / 1000);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
