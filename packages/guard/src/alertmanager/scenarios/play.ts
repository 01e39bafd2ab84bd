import type { Milliseconds } from '../../core/index.ts';
import type { Answer, OnlyOf, Pairs, Scenario, Step } from './scenario.ts';

/** An alert as it is posted; times are Unix milliseconds. */
export interface PostedAlert {
  readonly labels: Pairs;
  readonly annotations: Pairs;
  readonly startsAt: Milliseconds;
  readonly endsAt?: Milliseconds;
}

/** A router on which a scenario is played. */
export interface Player {
  readonly router: NonNullable<OnlyOf>;
  /** When the scenario started, Unix milliseconds. */
  readonly startedAt: Milliseconds;
  /** Lets time go on to so long after the start. */
  until(at: Milliseconds): Promise<void>;
  post(alert: PostedAlert): Promise<void>;
  /** Makes a silence, or changes the one with this id; gives its id. Matchers are texts. */
  silence(
    id: string | undefined,
    silence: { readonly matchers: readonly string[]; readonly startsAt: number; readonly endsAt: number },
  ): Promise<string>;
  expire(id: string): Promise<void>;
  answer(receiver: string, answers: readonly Answer[]): void;
  restart(away: Milliseconds): Promise<void>;
  /** Reads the same configuration again. */
  reload(): Promise<void>;
  /** `active`, or `suppressed` and by what: `suppressed, inhibited`; `absent`. */
  stateOf(alertname: string): Promise<string>;
  /** The latest decision about an alert, `not sent: …`; undefined where the router keeps none. */
  decisionOn(alertname: string): string | undefined;
}

/** How long an alert holds of which nothing else is said. */
const LONG: Milliseconds = 3_600_000;

/** Plays the steps; gives what was shown otherwise than said, empty when nothing was. */
export async function playScenario(scenario: Scenario, player: Player): Promise<string[]> {
  const problems: string[] = [];
  const silences = new Map<string, string>();
  const begun = new Map<string, Milliseconds>();

  async function play(step: Step): Promise<void> {
    const since = (offset: Milliseconds) => player.startedAt + offset;
    switch (step.verb) {
      case 'fire':
      case 'resolve': {
        const key = JSON.stringify(step.labels);
        const first = step.verb === 'resolve' ? (begun.get(key) ?? step.at) : step.at;
        const startsAt = step.from ?? first;
        begun.set(key, startsAt);
        const end = step.until ?? (step.verb === 'resolve' ? step.at : step.at + LONG);
        const { labels, annotations } = step;
        const span = { startsAt: since(startsAt), ...(end !== 'unsaid' && { endsAt: since(end) }) };
        return player.post({ labels, annotations, ...span });
      }
      case 'silence': {
        const { name, matchers } = step;
        const span = { startsAt: since(step.from ?? step.at), endsAt: since(step.until) };
        silences.set(name, await player.silence(silences.get(name), { matchers, ...span }));
        return;
      }
      case 'expire':
        return player.expire(silences.get(step.name)!);
      case 'receiver':
        return player.answer(step.name, step.answers);
      case 'restart':
        return player.restart(step.away);
      case 'reload':
        return player.reload();
      case 'shows':
        if (isOf(step)) report(step, await player.stateOf(step.alert));
        return;
      case 'because':
        if (isOf(step)) report(step, player.decisionOn(step.alert) ?? step.text);
        return;
      case 'end':
        return;
    }
  }

  const isOf = ({ of }: { readonly of: OnlyOf }) => of === undefined || of === player.router;

  function report(step: Step & { readonly alert: string; readonly text: string }, found: string): void {
    const named = [...silences].reduce((text, [name, id]) => text.replaceAll(id, name), found);
    if (named !== step.text)
      problems.push(`${step.at / 1000}s ${step.verb} ${step.alert}: ${step.text}; but it is ${named}`);
  }

  for (const step of scenario.steps) {
    await player.until(step.at);
    await play(step);
  }
  return problems;
}
