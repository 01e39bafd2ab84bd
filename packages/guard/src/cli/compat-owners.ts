import { UserError } from '../core/index.ts';

export interface SlothFlags {
  readonly defaultSloPeriod?: string;
  readonly sloPeriodWindowsPath?: string;
  readonly extraLabels?: readonly string[];
  readonly disableRecordings?: boolean;
  readonly disableAlerts?: boolean;
}

export interface PyrraFlags {
  readonly genericRules?: boolean;
  readonly operatorRule?: boolean;
  readonly enablePrometheus3Migration?: boolean | string;
  readonly externalUrl?: string;
}

export type CompatTool = 'sloth' | 'pyrra';

/** The flags of each tool as commander names them, with their own names. */
const FLAGS: Readonly<Record<CompatTool, Readonly<Record<string, string>>>> = {
  sloth: {
    defaultSloPeriod: '--default-slo-period',
    sloPeriodWindowsPath: '--slo-period-windows-path',
    extraLabels: '--extra-labels',
    disableRecordings: '--disable-recordings',
    disableAlerts: '--disable-alerts',
  } satisfies Record<keyof SlothFlags, string>,
  pyrra: {
    genericRules: '--generic-rules',
    operatorRule: '--operator-rule',
    enablePrometheus3Migration: '--enable-prometheus-3-migration',
    externalUrl: '--external-url',
  } satisfies Record<keyof PyrraFlags, string>,
};

/** A flag of a tool that was not asked for would be without effect. @throws UserError `bad-option` */
export function refuseFlagsOfOthers(
  options: Readonly<Record<string, unknown>>,
  tool: CompatTool | undefined,
): void {
  for (const [owner, flags] of Object.entries(FLAGS)) {
    const given = Object.keys(flags).find(key => options[key] !== undefined);
    if (owner !== tool && given !== undefined) {
      throw new UserError('bad-option', `${flags[given]} is a flag of --compat ${owner}`, {
        remedy: tool ? `${tool} has no such flag` : `add --compat ${owner}`,
      });
    }
  }
}
