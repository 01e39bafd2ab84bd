import { type Command, Option } from 'commander';

/** The forms of a query's result. */
export const FORMATS = ['table', 'json', 'csv', 'plot'] as const;
export type Format = (typeof FORMATS)[number];

/** What the values of a plot are; chooses prefixes and suffixes. */
export const UNITS = ['none', 'percent', 'bytes', 'seconds'] as const;
export type Unit = (typeof UNITS)[number];

/** The forms of text that can be imported. */
export const IMPORT_FORMATS = ['openmetrics', 'text'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/**
 * What becomes of staleness markers, which OpenMetrics cannot express. `omit`: after an import, a series that ended is
 * seen for the lookback longer. `nan`: as promtool writes them; after an import they are values, and every rate over
 * one is NaN.
 */
export const STALE_MARKERS = ['omit', 'nan'] as const;
export type StaleMarkers = (typeof STALE_MARKERS)[number];

/** Tools whose rules can be written. */
export const COMPATS = ['sloth', 'pyrra'] as const;

/** What can be generated from SLO files alone; as `TARGETS` of `generate`, which a test holds it to. */
export const GENERATE_TARGETS = [
  'alertmanager',
  'docs',
  'grafana',
  'mimir',
  'operator',
  'prometheus',
] as const;

/** Shells for which completions can be written. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Adds an option whose value is one of a few; commander refuses others, naming these. */
export function addChoice(
  command: Command,
  flags: string,
  description: string,
  choices: readonly string[],
  byDefault?: string,
): Command {
  const option = new Option(flags, description).choices(choices);
  return command.addOption(byDefault === undefined ? option : option.default(byDefault));
}
