#!/usr/bin/env node
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Plain JavaScript, so that an old Node tells the remedy instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `slo-guard needs Node 24 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'remedy: run it as `npx slo-guard` or `npm start` in the project (its own Node 24 is then used), or install Node 24.\n',
  );
  process.exit(2);
}
const { restartWithMemorySettings } = await import('./memory-settings.js');
restartWithMemorySettings();
// Compiled code is kept for the next start. Set in the environment, this holds for child processes and
// threads as well; what follows is loaded after it.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
nodeModule.enableCompileCache();
const { entryOf } = await import('./built.js');
const { main } = await import(entryOf());
process.exitCode = await main(process.argv.slice(2));
