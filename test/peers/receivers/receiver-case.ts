/** An alert of a case, beside the label that leads it to the case's receiver. */
export interface CaseAlert {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly isResolved?: boolean;
}

/** What a receiver's fake answers; 200 by default, and `ok` to Slack. */
export type CaseAnswer =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'hang'
  | 'reset';

/** One receiver with what happens to it. */
export interface ReceiverCase {
  /** Also the label, the receiver's name and what its address begins with. */
  readonly name: string;
  /**
   * Its configuration in YAML: `webhook_configs: [{ … }]`. `$URL` is the address of its fake, `$HOST` that without a
   * scheme, `$SMTP`, `$SMTP_PLAIN` and so on mail servers, `$CA` their certificate as a YAML text.
   */
  readonly receiver: string;
  /** Posted at the start. */
  readonly alerts: readonly CaseAlert[];
  /** Posted after the first flush and before the second. */
  readonly later?: readonly CaseAlert[];
  /** To one request after the other; the last one stays. For mail 200 takes it and anything else refuses it. */
  readonly answers?: readonly CaseAnswer[];
  /** How many requests or mails come. */
  readonly count: number;
  /** Where the embedded router sends nothing on purpose, and why. */
  readonly unsent?: string;
}

/** What a receiver got, in a form that can be compared. */
export interface Received {
  /** Flushes since the first. */
  readonly flush: number;
  readonly [field: string]: unknown;
}

export const BURN: CaseAlert = {
  labels: { alertname: 'Burn', service: 'a', severity: 'page' },
  annotations: { summary: 'It <burns> & "burns"', runbook: 'http://r/x?y=1&z=ü' },
};
export const SLOW: CaseAlert = {
  labels: { alertname: 'Slow', service: 'b' },
  annotations: { summary: "It's slow", description: 'two\nlines' },
};
export const resolved = (alert: CaseAlert): CaseAlert => ({ ...alert, isResolved: true });

/** Names and values that some encoder might mind. */
export const ODD: CaseAlert = {
  labels: {
    alertname: 'Ünïcode 🔥',
    'mit leerzeichen': 'a b',
    'k."x"': '\\ / \' " ` < > & = \u2028 \u2029 \u007f',
    zähler: '한국어 \u0001 \t end',
  },
  annotations: { summary: 'line\r\nbreak', note: '{{ .NotATemplate }} %s \\n', 'leer ': '' },
};
