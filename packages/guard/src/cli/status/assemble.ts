import { compareStrings, METRIC_NAME, parseDuration } from '../../core/index.ts';
import { SERIES } from '../../generate/index.ts';
import type { Slo } from '../../slo/index.ts';
import type { ActiveAlert, SloState, SloStatus, WindowBurn } from './model.ts';

/** A recorded sample of now, or a series of its past. */
export interface Recorded {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RecordedAlert extends ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
}

export interface Readings {
  readonly samples: readonly Recorded[];
  readonly alerts: readonly RecordedAlert[];
  /** Budget remaining at even distances, by the labels of its series. */
  readonly histories: readonly { labels: Recorded['labels']; values: readonly (number | null)[] }[];
}

export const BURN_PREFIX = 'slo:burn_rate:';

/** Of these the group is read; the facts of an objective are recorded once for all its groups. */
const isMeasured = (name: string) =>
  name === SERIES.budgetRemaining || name === SERIES.budgetCoverage || name.startsWith(BURN_PREFIX);

/**
 * The status of every objective that is recorded, a line a group, ordered by service and name.
 *
 * @param declared those of files: what they declare and nobody records is `no-data`, what they do not is left out
 */
export function assembleStatus(readings: Readings, declared: readonly Slo[] | undefined): SloStatus[] {
  const { samples, alerts } = readings;
  const bySlo = Map.groupBy(samples, ({ labels }) => sloKey(labels));
  const alertsBySlo = Map.groupBy(alerts, ({ labels }) => sloKey(labels));
  const keys = declared
    ? declared.map(({ service, name }) => ({ service, slo: name }))
    : [...bySlo.values()].map(([first]) => ({ service: first!.labels.service!, slo: first!.labels.slo! }));
  const sources = new Map(
    declared?.map(({ service, name, source }) => [sloKey({ service, slo: name }), source]),
  );
  return keys
    .flatMap(id => {
      const key = sloKey(id);
      const source = sources.get(key);
      return groupsOf(id, bySlo.get(key) ?? [], alertsBySlo.get(key) ?? [], readings.histories).map(status =>
        source === undefined ? status : { ...status, source },
      );
    })
    .sort(
      (a, b) =>
        compareStrings(a.service, b.service) ||
        compareStrings(a.slo, b.slo) ||
        compareStrings(groupText(a.group), groupText(b.group)),
    );
}

const sloKey = ({ service = '', slo = '' }: Recorded['labels']) => JSON.stringify([service, slo]);

/** `zone="a", tier="b"` */
export const groupText = (group: SloStatus['group']): string =>
  Object.entries(group)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');

type Identity = Pick<SloStatus, 'service' | 'slo'>;

function groupsOf(
  id: Identity,
  samples: readonly Recorded[],
  alerts: readonly RecordedAlert[],
  histories: Readings['histories'],
): SloStatus[] {
  const measured = samples.filter(({ labels }) => isMeasured(labels[METRIC_NAME]!));
  const groups = Map.groupBy(measured, ({ labels }) => groupText(groupOf(labels)));
  if (groups.size === 0) groups.set('', []);
  const facts = new Map(samples.map(({ labels, value }) => [labels[METRIC_NAME]!, value]));
  return [...groups].map(([text, own]) => {
    const group = own[0] ? groupOf(own[0].labels) : {};
    const values = new Map(own.map(({ labels, value }) => [labels[METRIC_NAME]!, value]));
    const active = alerts.filter(({ labels }) =>
      Object.entries(group).every(([name, value]) => labels[name] === value),
    );
    const burnRates = burnRatesOf(values);
    const budgetRemaining = known(values.get(SERIES.budgetRemaining));
    return {
      ...id,
      group,
      state: stateOf(active, budgetRemaining, burnRates),
      objective: known(facts.get(SERIES.objective)),
      windowSeconds: known(facts.get(SERIES.window)),
      budgetRemaining,
      coverageSeconds: known(values.get(SERIES.budgetCoverage)),
      burnRates,
      alerts: active.map(({ labels: _, ...alert }) => alert),
      history:
        histories.find(
          ({ labels }) => sloKey(labels) === sloKey({ ...id }) && groupText(groupOf(labels)) === text,
        )?.values ?? [],
    };
  });
}

function groupOf({ service: _, slo: __, [METRIC_NAME]: ___, ...group }: Recorded['labels']) {
  return group;
}

function burnRatesOf(values: ReadonlyMap<string, number>): WindowBurn[] {
  return [...values]
    .filter(([name]) => name.startsWith(BURN_PREFIX))
    .map(([name, value]) => ({ window: name.slice(BURN_PREFIX.length), rate: known(value) }))
    .sort((a, b) => (parseDuration(a.window) ?? 0) - (parseDuration(b.window) ?? 0));
}

/** 0/0 is no figure. */
const known = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function stateOf(
  alerts: readonly ActiveAlert[],
  remaining: number | null,
  burnRates: readonly WindowBurn[],
): SloState {
  if (alerts.some(({ state }) => state === 'firing')) return 'firing';
  if (alerts.length > 0) return 'pending';
  if (remaining === null || burnRates.every(({ rate }) => rate === null)) return 'no-data';
  return remaining <= 0 ? 'spent' : 'ok';
}
