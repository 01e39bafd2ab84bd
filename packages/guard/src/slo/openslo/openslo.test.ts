import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { formatDuration, parseDuration } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';
import type { BurnTier } from '../policies/policy.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

/** Queries show what they are over five minutes, tiers are a line each. */
function shown(key: unknown, value: unknown): unknown {
  if (typeof value === 'function') return (value as (window: number) => string)(parseDuration('5m')!);
  return key === 'tiers' ? (value as BurnTier[]).map(lineOf) : value;
}

const lineOf = ({ suffix, severity, burn, shortWindow, longWindow, for: wait, notify }: BurnTier) =>
  `${suffix}: ${severity} above ${burn} over ${formatDuration(shortWindow)} and ${formatDuration(longWindow)} for ${formatDuration(wait)}, to [${notify}]`;

test.each(['indicators', 'alerting', 'windows', 'v1alpha'])('%s.yaml gives its model', async name => {
  const file = `${name}.yaml`;
  const { slos, warnings } = loadSloFiles([{ file, text: readFileSync(join(GOLDEN, file), 'utf8') }]);
  const told = warnings.map(
    ({ code, message, position }) => `${position?.line}:${position?.column} ${code}: ${message}`,
  );
  const text = stringify({ slos, warnings: told }, shown, { lineWidth: 0, aliasDuplicateObjects: false });
  await expect(text).toMatchFileSnapshot(join(GOLDEN, `${name}.model.yaml`));
});
