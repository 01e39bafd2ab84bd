import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { type Clock, messageOf, startTicker, type Ticker } from '../core/index.ts';
import { createHttpClient, DEFAULT_HTTP_CLIENT, isSuccess, textOf } from '../http-client/index.ts';
import type { Endpoints } from '../proof/index.ts';
import type { PartEvent, PartState, RunningStack } from '../stack/index.ts';

/** What `slo-guard up` shows: a live table on a terminal, plain lines elsewhere. */
export interface Screen {
  event(event: PartEvent): void;
  /** Begins to show the parts and, once it answers, what the console knows of the SLOs. */
  watch(stack: RunningStack, consoleUrl: string): void;
  allReady(facts: ReadyFacts): void;
  /** Leaves the last picture standing. */
  stop(): Promise<void>;
}

export interface ReadyFacts {
  readonly consoleUrl: string;
  readonly endpoints: Required<Endpoints>;
  readonly traffic: number | undefined;
  readonly services: boolean;
}

/** One SLO of the console's API, as far as the table shows it. */
interface SloLine {
  readonly service: string;
  readonly slo: string;
  readonly state: string;
  readonly burnRates: readonly { readonly window: string; readonly value: number | null }[];
  readonly budget: { readonly remaining: number | null };
}

const REFRESH_MS = 1_000;

export function startScreen({ clock, output }: { clock: Clock; output: NodeJS.WriteStream }): Screen {
  const live = output.isTTY === true;
  const paint = pc.createColors(live && !process.env.NO_COLOR);
  const update = live ? createLogUpdate(output) : undefined;
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
  const startedAt = clock.monotonic();
  let slos: readonly SloLine[] = [];
  let ticker: Ticker | undefined;
  let stack: RunningStack | undefined;
  let footer = '';

  const seconds = (duration: number) => `${(duration / 1000).toFixed(1)} s`;

  function line(text: string): void {
    // Above the table: it is cleared, the line is left standing, and the table is drawn again.
    update?.clear();
    output.write(`${text}\n`);
    draw();
  }

  function draw(): void {
    if (!update || !stack) return;
    const parts = stack.parts().map(({ name, state, restarts, pid }) => {
      const often = restarts > 0 ? `  restarted ${restarts}×` : '';
      return `  ${name.padEnd(18)} ${paintState(state)} ${paint.dim(pid === undefined ? '' : `pid ${pid}`)}${often}`;
    });
    update(
      [...parts, '', ...slos.map(sloLine), footer]
        .filter((text, i, all) => text !== '' || all[i - 1] !== '')
        .join('\n'),
    );
  }

  const paintState = (state: PartState) => {
    const text = state.padEnd(11);
    return state === 'ready' ? paint.green(text) : state === 'starting' ? paint.dim(text) : paint.red(text);
  };

  function sloLine({ service, slo, state, burnRates, budget }: SloLine): string {
    const burns = burnRates
      .map(({ window, value }) => `${window} ${value === null ? '–' : `${value.toFixed(1)}×`}`)
      .join('  ');
    const left = budget.remaining === null ? 'no data' : `${(budget.remaining * 100).toFixed(1)} %`;
    const painted =
      state === 'ok' ? paint.green(state) : state === 'no-data' ? paint.yellow('no data') : paint.red(state);
    return `  ${`${service}/${slo}`.padEnd(24)} ${painted.padEnd(8)}  burn ${burns}  budget left ${left}`;
  }

  async function refresh(consoleUrl: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(REFRESH_MS);
      const answer = await client.get({ url: `${consoleUrl}/api/slos`, headers: {}, signal });
      const told = await textOf(answer);
      slos = isSuccess(answer) ? (JSON.parse(told) as { slos: SloLine[] }).slos : [];
    } catch {
      // The guard is starting or gone: its line in the table says so.
      slos = [];
    }
    draw();
  }

  return {
    event(event) {
      switch (event.type) {
        case 'ready':
          line(`${event.name} is ready after ${seconds(event.after)}`);
          break;
        case 'crashed':
          line(
            paint.red(`${event.name} crashed (${event.how}), is started again in ${seconds(event.delay)}`),
          );
          for (const last of event.lastLines.slice(-3)) line(paint.dim(`    ${last}`));
          break;
        case 'line':
          if (isWorthTelling(event.line)) line(`${paint.dim(`${event.name} |`)} ${event.line}`);
      }
    },
    watch(running, consoleUrl) {
      stack = running;
      if (!live) return;
      ticker = startTicker(clock, {
        interval: REFRESH_MS,
        offset: 0,
        onTick: () => refresh(consoleUrl),
        onError: error => line(messageOf(error)),
      });
    },
    allReady({ consoleUrl, endpoints, traffic, services }) {
      line(`\nall ready after ${seconds(clock.monotonic() - startedAt)}\n`);
      line(`  console    ${consoleUrl}`);
      line(`  receiver   ${endpoints.receiver}`);
      if (services) {
        line(
          `\n  break it:  curl -X POST ${endpoints.backend}/admin/failmode -H 'Content-Type: application/json' -d '{"mode": "error", "error_rate": 1.0}'`,
        );
        line(`  burn it:   for i in $(seq 1 100); do curl -s ${endpoints.gateway}/work > /dev/null; done`);
        line(`  reset it:  curl -X POST ${endpoints.backend}/admin/failmode -d '{"mode": "none"}'`);
      }
      if (traffic !== undefined) line(`\n  ${traffic} requests/s go to ${endpoints.gateway}/work`);
      footer = '\n  Ctrl-C stops everything';
      line(live ? '' : '\nSIGTERM or Ctrl-C stops everything');
    },
    async stop() {
      await ticker?.stop();
      await client.close();
      update?.done();
    },
  };
}

/** Warnings and worse of the parts' JSON logs, and whatever is not JSON; the rest is in the log files. */
function isWorthTelling(text: string): boolean {
  try {
    const { level } = JSON.parse(text) as { level?: unknown };
    return level === 'error' || level === 'fatal' || (typeof level === 'number' && level >= 50);
  } catch {
    return true;
  }
}
