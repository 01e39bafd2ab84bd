import { readYaml } from '../config/index.ts';
import { hideUserinfo, type Milliseconds, parseDuration, UserError } from '../core/index.ts';
import type { PyrraOptions, SlothOptions } from '../generate/index.ts';
import { type AlertWindows, BUILT_IN_WINDOWS, readAlertWindows } from '../slo/index.ts';
import type { PyrraFlags, SlothFlags } from './compat-owners.ts';
import { readYamlFiles } from './read-sources.ts';

/** @throws UserError `bad-option`, and for the catalogue with every problem of it */
export function slothOptions(flags: SlothFlags): SlothOptions {
  return {
    defaultPeriod: periodOf(flags.defaultSloPeriod ?? '30d'),
    windows:
      flags.sloPeriodWindowsPath === undefined ? BUILT_IN_WINDOWS : catalogue(flags.sloPeriodWindowsPath),
    extraLabels: Object.fromEntries((flags.extraLabels ?? []).map(labelOf)),
    disableRecordings: flags.disableRecordings ?? false,
    disableAlerts: flags.disableAlerts ?? false,
  };
}

function periodOf(text: string): Milliseconds {
  const period = parseDuration(text);
  if (period) return period;
  throw new UserError(
    'bad-option',
    `--default-slo-period: ${JSON.stringify(text)} is no duration such as 28d`,
  );
}

const catalogue = (path: string): AlertWindows[] =>
  readAlertWindows(readYamlFiles(path).flatMap(({ file, text }) => readYaml(file, text)));

function labelOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UserError('bad-option', `--extra-labels: ${JSON.stringify(text)} is not name=value`);
}

/** @throws UserError `bad-option` */
export function pyrraOptions(flags: PyrraFlags): PyrraOptions {
  return {
    genericRules: flags.genericRules ?? false,
    operatorRule: flags.operatorRule ?? false,
    prometheus3Migration: truthOf(flags.enablePrometheus3Migration ?? true),
    externalUrl: flags.externalUrl === undefined ? undefined : urlOf(flags.externalUrl),
  };
}

function truthOf(value: boolean | string): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new UserError(
    'bad-option',
    `--enable-prometheus-3-migration is true or false, not ${JSON.stringify(value)}`,
  );
}

function urlOf(text: string): string {
  if (URL.canParse(text)) return text;
  throw new UserError(
    'bad-option',
    `--external-url: ${JSON.stringify(hideUserinfo(text))} is not an address`,
  );
}
