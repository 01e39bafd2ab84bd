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
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface StoredSilence extends PostableSilence {
  readonly id: string;
  readonly updatedAt: Milliseconds;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** How many silences there may be, expired ones that are still shown included, and how large each; 0 or less is no limit. */
export interface SilenceLimits {
  readonly maxSilences: number;
  /** Of a silence as JSON. */
  readonly maxBytes: number;
}

/** Alertmanager knows the same two limits and has none by default; every silence costs time for every alert. */
export const DEFAULT_SILENCE_LIMITS: SilenceLimits = { maxSilences: 10_000, maxBytes: 65_536 };

/** How long an expired silence is shown: Alertmanager's `--data.retention` default, 120 h. */
const RETENTION: Milliseconds = 432_000_000;

export interface Silences {
  /**
   * Creates or changes one; gives its id, a new one where the change cannot be made in place (other matchers, or a
   * start that has passed).
   *
   * @throws UserError `silence-not-found`, `bad-silence`, `too-many-silences`, `silence-too-large`, and
   *   `silence-not-durable`: done, but the disk refused it
   */
  set(silence: PostableSilence): string;
  /** Ends one now; one that has expired stays as it is. @throws UserError `silence-not-found`, `silence-not-durable` */
  expire(id: string): void;
  get(id: string): StoredSilence | undefined;
  /** Active ones by their end, pending ones by their start, expired ones by their end, the latest first. */
  list(): StoredSilence[];
  stateOf(silence: StoredSilence): SilenceState;
  /** Ids of the active silences that match, in the order they were made. */
  silencedBy(labels: Labels, now: Milliseconds): string[];
  /** Forgets and returns the ids of silences that ended long ago. */
  collectGarbage(now: Milliseconds): string[];
}

interface Dependencies {
  readonly now: () => Milliseconds;
  readonly createId: () => string;
  /** False when the disk refuses. */
  readonly save: (silence: StoredSilence) => boolean;
  readonly limits?: SilenceLimits;
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
/** Alertmanager's api/v2 SortSilences. */
const ORDER: Readonly<Record<SilenceState, (a: StoredSilence, b: StoredSilence) => number>> = {
  active: (a, b) => a.endsAt - b.endsAt,
  pending: (a, b) => a.startsAt - b.startsAt,
  expired: (a, b) => b.endsAt - a.endsAt,
};

export function createSilences(
  saved: readonly StoredSilence[],
  { now, createId, save, limits = DEFAULT_SILENCE_LIMITS }: Dependencies,
): Silences {
  const silences = new Map<string, { silence: StoredSilence; matchers: Matcher[] }>();
  const keep = (silence: StoredSilence) =>
    void silences.set(silence.id, { silence, matchers: silence.matchers.map(compile) });
  const store = (silence: StoredSilence): boolean => {
    keep(silence);
    return save(silence);
  };
  const refuseVolatile = (durable: boolean, id: string) => {
    if (durable) return;
    const message = `silence ${id} is changed, but could not be written to disk: a restart forgets it`;
    throw new UserError('silence-not-durable', message);
  };
  for (const silence of saved) keep(silence);

  function set(posted: PostableSilence): string {
    check(posted);
    const previous = posted.id ? find(posted.id) : undefined;
    const at = now();
    if (previous && canUpdate(previous, posted, at)) {
      refuseVolatile(store(fitting({ ...posted, id: previous.id, updatedAt: at })), previous.id);
      return previous.id;
    }
    refuseTooMany();
    const id = createId();
    const created = fitting({ ...posted, id, startsAt: Math.max(posted.startsAt, at), updatedAt: at });
    const ended = previous && stateAt(previous, at) !== 'expired' ? end(previous, at) : true;
    refuseVolatile(store(created) && ended, id);
    return id;
  }

  function refuseTooMany(): void {
    const { size } = silences;
    if (limits.maxSilences <= 0 || size + 1 <= limits.maxSilences) return;
    const message = `exceeded maximum number of silences: ${size} (limit: ${limits.maxSilences})`;
    throw new UserError('too-many-silences', message);
  }

  function fitting(silence: StoredSilence): StoredSilence {
    const bytes = Buffer.byteLength(JSON.stringify(silence));
    if (limits.maxBytes <= 0 || bytes <= limits.maxBytes) return silence;
    const message = `silence exceeded maximum size: ${bytes} bytes (limit: ${limits.maxBytes} bytes)`;
    throw new UserError('silence-too-large', message);
  }

  function find(id: string): StoredSilence {
    const found = silences.get(id);
    if (!found) throw new UserError('silence-not-found', 'silence not found');
    return found.silence;
  }

  function end(silence: StoredSilence, at: Milliseconds): boolean {
    const startsAt = Math.min(silence.startsAt, at);
    return store({ ...silence, startsAt, endsAt: at, updatedAt: at });
  }

  return {
    set,
    expire(id) {
      const silence = find(id);
      if (stateAt(silence, now()) !== 'expired') refuseVolatile(end(silence, now()), id);
    },
    get: id => silences.get(id)?.silence,
    list() {
      const at = now();
      const all = [...silences.values()].map(({ silence }) => silence);
      return STATES.flatMap(state => all.filter(each => stateAt(each, at) === state).sort(ORDER[state]));
    },
    stateOf: silence => stateAt(silence, now()),
    silencedBy(labels, at) {
      const ids: string[] = [];
      for (const { silence, matchers } of silences.values())
        if (stateAt(silence, at) === 'active' && matchesAll(matchers, labels)) ids.push(silence.id);
      return ids;
    },
    collectGarbage(at) {
      const old = [...silences.keys()].filter(id => silences.get(id)!.silence.endsAt + RETENTION <= at);
      for (const id of old) silences.delete(id);
      return old;
    },
  };
}

export function countSilences(silences: Pick<Silences, 'list' | 'stateOf'>): Record<SilenceState, number> {
  const counts = { active: 0, pending: 0, expired: 0 };
  for (const silence of silences.list()) counts[silences.stateOf(silence)]++;
  return counts;
}

/** Alertmanager's validateSilence, in its words. */
function check({ matchers, startsAt, endsAt }: PostableSilence): void {
  const refuse = (message: string): never => {
    throw new UserError('bad-silence', `invalid silence: ${message}`);
  };
  const compiled = matchers.map((matcher, i) => {
    const at = `invalid label matcher ${i} in set 0`;
    if (matcher.name === '') refuse(`${at}: invalid label name ""`);
    try {
      return compile(matcher);
    } catch (error) {
      if (error instanceof UserError) return refuse(`${at}: ${error.problems[0]!.message}`);
      throw error;
    }
  });
  if (matchers.length === 0) refuse('matcher set 0 is empty');
  // Of those that negate, none counts as matching it (matchesEmpty).
  if (compiled.every(matcher => matcher.operator.startsWith('=') && matcher.matches('')))
    refuse('matcher set 0: at least one matcher must not match the empty string');
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
