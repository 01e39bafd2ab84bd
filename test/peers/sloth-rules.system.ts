import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readYaml } from '../../packages/guard/src/config/index.ts';
import { parseDuration } from '../../packages/guard/src/core/index.ts';
import { generateSloth, type SlothOptions } from '../../packages/guard/src/generate/index.ts';
import { BUILT_IN_WINDOWS, readAlertWindows, readSlothInputs } from '../../packages/guard/src/slo/index.ts';
import { sourceFolder } from '../../scripts/peers/build.ts';
import { expectToLoad } from './compat/expect-to-load.ts';
import { SLOTH_CORNERS } from './compat/sloth-corners.ts';
import { slothSpec } from './compat/sloth-specs.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-sloth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sloth = sourceFolder('sloth');
const ofSloth = (path: string) => readFileSync(join(sloth, path), 'utf8');
const EXAMPLES = [
  'examples/getting-started.yml',
  'examples/home-wifi.yml',
  'examples/k8s-getting-started.yml',
  'examples/k8s-home-wifi.yml',
  'examples/k8s-multifile.yml',
  'examples/kubernetes-apiserver.yml',
  'examples/multifile.yml',
  'examples/no-alerts.yml',
  'examples/openslo-getting-started.yml',
  'examples/openslo-kubernetes-apiserver.yml',
  'examples/raw-home-wifi.yml',
  'test/integration/prometheus/testdata/in-base.yaml',
  'test/integration/prometheus/testdata/in-base-k8s.yaml',
  'test/integration/prometheus/testdata/in-multifile.yaml',
  'test/integration/prometheus/testdata/in-multifile-k8s.yaml',
  'test/integration/prometheus/testdata/in-openslo.yaml',
];

const corpus = new Map([
  ...EXAMPLES.map((path): [string, string] => [path.replaceAll('/', '_'), ofSloth(path)]),
  ...Object.entries(SLOTH_CORNERS).map(([name, text]): [string, string] => [`${name}.yaml`, text]),
  ...fc
    .sample(slothSpec, { numRuns: 250, seed: 20_261_126 })
    .map((text, i): [string, string] => [`random-${i}.yaml`, text]),
]);

const OPTIONS: SlothOptions = {
  defaultPeriod: parseDuration('30d')!,
  windows: BUILT_IN_WINDOWS,
  extraLabels: {},
  disableRecordings: false,
  disableAlerts: false,
};
const SHORT_PERIOD = ofSloth('examples/windows/7d.yaml');

interface Case {
  readonly name: string;
  readonly flags: readonly string[];
  readonly options: Partial<SlothOptions>;
  readonly files?: (name: string) => boolean;
}

const CASES: readonly Case[] = [
  { name: 'without flags', flags: [], options: {} },
  {
    name: 'over 28 days',
    flags: ['--default-slo-period=28d'],
    options: { defaultPeriod: parseDuration('28d')! },
  },
  {
    name: 'with a catalogue of its own, whose period is 7 days',
    flags: ['--default-slo-period=7d', '--slo-period-windows-path=windows'],
    options: {
      defaultPeriod: parseDuration('7d')!,
      windows: readAlertWindows(readYaml('7d.yaml', SHORT_PERIOD)),
    },
    files: name => !name.includes('openslo'),
  },
  {
    name: 'with extra labels',
    flags: ['--extra-labels=team=over', '--extra-labels=sloth_slo=x'],
    options: { extraLabels: { team: 'over', sloth_slo: 'x' } },
  },
  {
    name: 'without alerts',
    flags: ['--disable-alerts'],
    options: { disableAlerts: true },
  },
  {
    name: 'without recordings',
    flags: ['--disable-recordings'],
    options: { disableRecordings: true },
    // Others have nothing left, which is an error in both.
    files: name => name.includes('getting-started') && !name.includes('openslo'),
  },
];

describe('the real Sloth and --compat sloth', () => {
  it.each(CASES)('write the same $name', async ({ flags, options, files = () => true }) => {
    const run = mkdtempSync(join(folder, 'run-'));
    for (const part of ['in', 'out', 'windows']) mkdirSync(join(run, part));
    writeFileSync(join(run, 'windows/7d.yaml'), SHORT_PERIOD);
    const chosen = [...corpus].filter(([name]) => files(name));
    for (const [name, text] of chosen) writeFileSync(join(run, 'in', name), text);
    const { code, stderr } = await runPeer('sloth', ['generate', '-i', 'in', '-o', 'out', ...flags], run);
    expect(code, stderr).toBe(0);
    expect(chosen.length).toBeGreaterThan(0);
    mkdirSync(join(run, 'ours'));
    for (const [name, text] of chosen) {
      const theirs = documentsOf(readFileSync(join(run, 'out', name), 'utf8'));
      const ours = generateSloth(readSlothInputs(name, text), { ...OPTIONS, ...options });
      expect(documentsOf(ours), `${name}\n${text}`).toEqual(theirs);
      if (!ours.includes('kind: PrometheusRule')) writeFileSync(join(run, 'ours', name), ours);
    }
    await expectToLoad(join(run, 'ours'));
  });
});

/** Rule files in one, since Prometheus reads but the first of several; resources as they are. */
function documentsOf(text: string): unknown {
  const present = readYaml('rules', text).map(({ value }) => value as { groups?: unknown[] });
  return {
    groups: present.flatMap(({ groups = [] }) => groups),
    resources: present.filter(({ groups }) => groups === undefined),
  };
}
