import { createSystemClock, toSeconds, UserError } from '../../core/index.ts';
import { explainSlo, loadSloFiles, type Slo, totalRateOf } from '../../slo/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { renderJson, renderMarkdown, renderTerminal } from '../explain/render.ts';
import { textOf } from '../explain/tables.ts';
import { interruptSignal } from '../interrupt.ts';
import { createLiveMetrics } from '../lint/live-metrics.ts';
import { policyOption, withPolicy } from '../policy-option.ts';
import { createPrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { readYamlFiles } from '../read-sources.ts';
import { chosenSlos } from '../slo-option.ts';
import { endWithReader, terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

export interface ExplainFlags extends Omit<ConnectionFlags, 'url'> {
  readonly slo: readonly string[];
  readonly history: readonly string[];
  readonly rate?: string;
  readonly prometheus?: string;
  readonly policy?: string;
  readonly json: boolean;
  readonly markdown: boolean;
}

/** Over how long the live rate is taken. */
const RATE_WINDOW = '1h';

/** `slo-guard explain`. @throws UserError of the files, `bad-option`, `unknown-slo`, of `PrometheusClient` */
export async function explain(paths: readonly string[], flags: ExplainFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  if (flags.json && flags.markdown) throw new UserError('bad-option', 'give either --json or --markdown');
  const policy = flags.policy === undefined ? undefined : policyOption(flags.policy);
  const histories = [undefined, ...flags.history.map(text => toSeconds(durationOption('--history', text)))];
  const loaded = loadSloFiles(paths.flatMap(readYamlFiles));
  const slos = chosenSlos((policy ? withPolicy(loaded, policy) : loaded).slos, flags.slo);
  const rates = await ratesOf(slos, flags);
  const explanations = slos.map((slo, i) => explainSlo(slo, { histories, rate: rates[i] }));
  if (flags.json) process.stdout.write(renderJson(explanations, histories));
  else {
    const { color } = terminalOf(process.stdout, process.env);
    const texts = explanations.map(explanation => textOf(explanation, histories));
    const shown = texts.map(text => (flags.markdown ? renderMarkdown(text) : renderTerminal(text, color)));
    process.stdout.write(shown.join('\n'));
  }
  return EXIT.good;
}

async function ratesOf(slos: readonly Slo[], flags: ExplainFlags): Promise<(number | undefined)[]> {
  const { rate, prometheus } = flags;
  if (rate !== undefined && prometheus !== undefined)
    throw new UserError('bad-option', 'give either --rate or --prometheus');
  if (rate !== undefined) return slos.map(() => rateOption(rate));
  if (prometheus === undefined) return slos.map(() => undefined);
  const connection = connectionOf({ ...flags, url: prometheus }, secretsOf(process.env), '--prometheus');
  const client = createPrometheusClient({ connection, signal: interruptSignal() });
  try {
    const live = createLiveMetrics(client, createSystemClock().now());
    const rates: (number | undefined)[] = [];
    for (const { sli } of slos) {
      const expr = totalRateOf(sli, RATE_WINDOW, []);
      rates.push(expr === undefined ? undefined : await live.number(expr));
    }
    return rates;
  } finally {
    await client.close();
  }
}

/** `50`, `50/s`, `3000/m`, `10/h`. */
function rateOption(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([smhd]))?$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit]!;
  if (amount !== undefined && Number(amount) > 0) return Number(amount) / seconds;
  throw new UserError('bad-option', `--rate: ${JSON.stringify(text)} is not a rate such as 50/s or 10/h`);
}
