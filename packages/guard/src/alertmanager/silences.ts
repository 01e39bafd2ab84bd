import {
  createMatcher,
  type Labels,
  type Matcher,
  type MatchOperator,
  type Milliseconds,
  UserError,
} from '../core/index.ts';
import { matchesAll } from './matchers.ts';

/** A matcher as API v2 writes it. */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface PostableSilence {
  /** Replaces this silence; a new one when missing. */
  readonly id?: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAt: Milliseconds;
  readonly endsAt: Milliseconds;
  readonly createdBy: string;
  readonly comment: string;
}

export interface StoredSilence extends PostableSilence {
  readonly id: string;
  readonly updatedAt: Milliseconds;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** How long an expired silence is shown: Alertmanager's `--data.retention` default, 120 h. */
const RETENTION: Milliseconds = 432_000_000;

export interface Silences {
  /**
   * Creates or changes one; gives its id, a new one where the change cannot be made in place (other matchers, or a
   * start that has passed).
   *
   * @throws UserError `silence-not-found`, `bad-silence`, `bad-regexp`
   */
  set(silence: PostableSilence): string;
  /** Ends one now. @throws UserError `silence-not-found`, `silence-expired` */
  expire(id: string): void;
  get(id: string): StoredSilence | undefined;
  /** Newest end first, active ones before pending before expired ones. */
  list(): StoredSilence[];
  stateOf(silence: StoredSilence): SilenceState;
  /** Ids of the active silences that match, sorted. */
  silencedBy(labels: Labels, now: Milliseconds): string[];
  /** Forgets and returns the ids of silences that ended long ago. */
  collectGarbage(now: Milliseconds): string[];
}

interface Dependencies {
  readonly now: () => Milliseconds;
  readonly createId: () => string;
  readonly save: (silence: StoredSilence) => void;
}

const OPERATORS: Readonly<Record<string, MatchOperator>> = {
  'true,false': '=',
  'false,false': '!=',
  'true,true': '=~',
  'false,true': '!~',
};
const compile = ({ name, value, isEqual, isRegex }: SilenceMatcher): Matcher =>
  createMatcher(name, OPERATORS[`${isEqual},${isRegex}`]!, value);

const stateAt = (silence: StoredSilence, now: Milliseconds): SilenceState => {
  if (now < silence.startsAt) return 'pending';
  return now < silence.endsAt ? 'active' : 'expired';
};
const STATES: readonly SilenceState[] = ['active', 'pending', 'expired'];

export function createSilences(
  saved: readonly StoredSilence[],
  { now, createId, save }: Dependencies,
): Silences {
  const silences = new Map<string, { silence: StoredSilence; matchers: Matcher[] }>();
  const keep = (silence: StoredSilence) =>
    void silences.set(silence.id, { silence, matchers: silence.matchers.map(compile) });
  const store = (silence: StoredSilence) => {
    keep(silence);
    save(silence);
  };
  for (const silence of saved) keep(silence);

  function set(posted: PostableSilence): string {
    check(posted);
    const previous = posted.id ? find(posted.id) : undefined;
    const at = now();
    if (previous && canUpdate(previous, posted, at)) {
      store({ ...posted, id: previous.id, updatedAt: at });
      return previous.id;
    }
    if (previous && stateAt(previous, at) !== 'expired') end(previous, at);
    const id = createId();
    store({ ...posted, id, startsAt: Math.max(posted.startsAt, at), updatedAt: at });
    return id;
  }

  function find(id: string): StoredSilence {
    const found = silences.get(id);
    if (!found) throw new UserError('silence-not-found', 'silence not found');
    return found.silence;
  }

  function end(silence: StoredSilence, at: Milliseconds): void {
    const startsAt = Math.min(silence.startsAt, at);
    store({ ...silence, startsAt, endsAt: at, updatedAt: at });
  }

  return {
    set,
    expire(id) {
      const silence = find(id);
      if (stateAt(silence, now()) === 'expired')
        throw new UserError('silence-expired', `silence ${id} already expired`);
      end(silence, now());
    },
    get: id => silences.get(id)?.silence,
    list() {
      const at = now();
      const rank = (silence: StoredSilence) => STATES.indexOf(stateAt(silence, at));
      const all = [...silences.values()].map(({ silence }) => silence);
      return all.sort((a, b) => rank(a) - rank(b) || b.endsAt - a.endsAt);
    },
    stateOf: silence => stateAt(silence, now()),
    silencedBy(labels, at) {
      const ids: string[] = [];
      for (const { silence, matchers } of silences.values())
        if (stateAt(silence, at) === 'active' && matchesAll(matchers, labels)) ids.push(silence.id);
      return ids.sort();
    },
    collectGarbage(at) {
      const old = [...silences.keys()].filter(id => silences.get(id)!.silence.endsAt + RETENTION <= at);
      for (const id of old) silences.delete(id);
      return old;
    },
  };
}

function check({ matchers, startsAt, endsAt }: PostableSilence): void {
  const refuse = (message: string): never => {
    throw new UserError('bad-silence', `invalid silence: ${message}`);
  };
  if (matchers.length === 0) refuse('at least one matcher required');
  if (matchers.some(({ name }) => name === '')) refuse('invalid label name ""');
  if (matchers.map(compile).every(matcher => matcher.matches('')))
    refuse('at least one matcher must not match the empty string');
  if (endsAt < startsAt) refuse('end time must not be before start time');
}

function canUpdate(known: StoredSilence, posted: PostableSilence, now: Milliseconds): boolean {
  if (JSON.stringify(known.matchers) !== JSON.stringify(posted.matchers)) return false;
  switch (stateAt(known, now)) {
    case 'active':
      return Math.floor(known.startsAt / 1000) === Math.floor(posted.startsAt / 1000) && posted.endsAt >= now;
    case 'pending':
      return posted.startsAt >= now;
    case 'expired':
      return false;
  }
}
