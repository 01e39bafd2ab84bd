import type { Milliseconds } from '../../core/index.ts';
import type { AlertWindows, SlothAlert, SlothSli } from '../../slo/index.ts';

/** One SLO with all that its rules are made of, whatever it was read from. */
export interface CompatSlo {
  /** `<service>-<name>`: the value of `sloth_id`. */
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Percent. */
  readonly objective: number;
  readonly period: Milliseconds;
  readonly windows: AlertWindows;
  /** Of recorded series; they may override Sloth's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly sli: SlothSli;
  readonly page: SlothAlert | undefined;
  readonly ticket: SlothAlert | undefined;
  /** The values of `sloth_mode` and `sloth_spec`. */
  readonly mode: string;
  readonly spec: string;
}

/** The labels that select an SLO's series. */
export const idLabels = ({ id, service, name }: CompatSlo): Readonly<Record<string, string>> => ({
  sloth_id: id,
  sloth_service: service,
  sloth_slo: name,
});

/** `{sloth_id="…", …}`; names hold nothing that would need an escape. */
export const idSelector = ({ id, service, name }: CompatSlo): string =>
  `{sloth_id="${id}", sloth_service="${service}", sloth_slo="${name}"}`;
