import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateTarget, TARGETS } from '../../packages/guard/src/generate/index.ts';
import { goldenModel } from './golden-model.ts';

const folder = join(import.meta.dirname, 'golden');

describe('what a target writes', () => {
  const model = goldenModel();
  const options = {
    pageReceiver: 'pager',
    labels: { release: 'prometheus' },
    rules: {
      runbookUrl: 'https://wiki.example/runbooks/',
      dashboardUrl: 'https://console.example',
      tracesUrl: 'https://traces.example/search?service={service}',
    },
  };

  // `npx vitest run -u test/generate/golden` writes them anew.
  it.each(TARGETS)('for %s is as in the golden files', async target => {
    const files = await generateTarget(target, model, options);
    expect(files.size).toBeGreaterThan(0);
    for (const [path, text] of files) await expect(text).toMatchFileSnapshot(join(folder, target, path));
    const kept = globSync('**/*', { cwd: join(folder, target) });
    expect(kept.sort()).toEqual([...files.keys()].sort());
  });

  it.each(TARGETS)('for %s is the same every time', async target => {
    const [one, other] = await Promise.all([1, 2].map(() => generateTarget(target, model, options)));
    expect([...one!]).toEqual([...other!]);
  });
});
