import { Fnv1a64 } from './hash.ts';

/** The label that holds a series' metric name. */
export const METRIC_NAME = '__name__';

const SEPARATOR_BYTE = 0xff;
/** A lone surrogate: no text decoded from UTF-8 contains one. */
export const LABEL_SEPARATOR = '\udfff';

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;

/** Orders strings by their UTF-8 bytes, as Go does; JavaScript's `<` orders by UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (isSurrogate(x) !== isSurrogate(y))
      return isSurrogate(x) ? (y >= 0xe000 ? 1 : x - y) : x >= 0xe000 ? -1 : x - y;
    return x - y;
  }
  return a.length - b.length;
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if (compareStrings(names[i - 1]!, names[i]!) > 0) return false;
  return true;
}

const sortedNames = (record: Readonly<Record<string, string>>): string[] => {
  const names = Object.keys(record);
  return isSorted(names) ? names : names.sort(compareStrings);
};

/** As `flat()`, with no room for more: that would be half of what a label set takes. */
function flatten(pairs: ReadonlyArray<readonly [string, string]>): string[] {
  const flat = new Array<string>(pairs.length * 2);
  for (const [i, [name, value]] of pairs.entries()) {
    flat[2 * i] = name;
    flat[2 * i + 1] = value;
  }
  return flat;
}

/**
 * An immutable label set: names are unique and sorted by bytes, empty values do not exist (an absent and an empty
 * label are the same in Prometheus). Equal sets have equal keys.
 */
export class Labels {
  static readonly EMPTY = new Labels([]);

  /** Names and values in turn, sorted by name. */
  readonly flat: readonly string[];
  #key: string | undefined;

  private constructor(flat: readonly string[]) {
    this.flat = flat;
  }

  /** Drops empty values. Of a name given twice the last value holds. */
  static of(pairs: Readonly<Record<string, string>> | Iterable<readonly [string, string]>): Labels {
    if (!(Symbol.iterator in pairs)) return Labels.#withoutEmpty(Labels.ofAll(pairs));
    const unique = [...new Map(pairs as Iterable<readonly [string, string]>)];
    return Labels.#withoutEmpty(Labels.fromSortedPairs(unique.sort(([a], [b]) => compareStrings(a, b))));
  }

  /** Keeps empty values, as annotations do. */
  static ofAll(record: Readonly<Record<string, string>>): Labels {
    const names = sortedNames(record);
    const flat = new Array<string>(names.length * 2);
    for (let i = 0; i < names.length; i++) {
      flat[2 * i] = names[i]!;
      flat[2 * i + 1] = record[names[i]!]!;
    }
    return new Labels(flat);
  }

  static #withoutEmpty(labels: Labels): Labels {
    const { flat } = labels;
    for (let i = 1; i < flat.length; i += 2)
      if (flat[i] === '') return labels.#filter(name => labels.has(name));
    return flat.length === 0 ? Labels.EMPTY : labels;
  }

  /** Takes ownership of an array that is already sorted, unique and free of empty values. */
  static fromSorted(flat: readonly string[]): Labels {
    return new Labels(flat);
  }

  /** Of pairs that are already sorted and unique; keeps empty values. */
  static fromSortedPairs(pairs: ReadonlyArray<readonly [name: string, value: string]>): Labels {
    return new Labels(flatten(pairs));
  }

  get size(): number {
    return this.flat.length / 2;
  }

  /** The value, or '' when the label does not exist. */
  get(name: string): string {
    const { flat } = this;
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return flat[i + 1]!;
    return '';
  }

  has(name: string): boolean {
    return this.get(name) !== '';
  }

  get metricName(): string {
    return this.get(METRIC_NAME);
  }

  /** A string that two sets share exactly when they are equal. */
  get key(): string {
    this.#key ??= this.flat.join(LABEL_SEPARATOR);
    return this.#key;
  }

  *[Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    for (let i = 0; i < this.flat.length; i += 2) yield [this.flat[i]!, this.flat[i + 1]!];
  }

  toObject(): Record<string, string> {
    // A null prototype would surprise callers that compare; `__proto__` as a label name must still be a plain key.
    return Object.fromEntries(this);
  }

  /** Sets labels; an empty value removes one. */
  with(changes: Readonly<Record<string, string>>): Labels {
    return Labels.of([...this, ...Object.entries(changes)]);
  }

  without(names: Iterable<string>): Labels {
    const dropped = new Set(names);
    return this.#filter(name => !dropped.has(name));
  }

  keep(names: Iterable<string>): Labels {
    const kept = new Set(names);
    return this.#filter(name => kept.has(name));
  }

  #filter(keep: (name: string) => boolean): Labels {
    const flat: string[] = [];
    for (let i = 0; i < this.flat.length; i += 2)
      if (keep(this.flat[i]!)) flat.push(this.flat[i]!, this.flat[i + 1]!);
    return flat.length === this.flat.length ? this : new Labels(flat);
  }

  /** The same set, with the other's texts where theirs are the same: in memory once instead of twice. */
  sharing({ flat: others }: Labels): Labels {
    return new Labels(this.flat.map((text, i) => (text === others[i] ? others[i] : text)));
  }

  /** Whether `ofAll` would give this set. */
  isAllOf(record: Readonly<Record<string, string>>): boolean {
    const { flat } = this;
    for (let i = 0; i < flat.length; i += 2) if (record[flat[i]!] !== flat[i + 1]) return false;
    return Object.keys(record).length === this.size;
  }

  equals(other: Labels): boolean {
    return this === other || this.key === other.key;
  }

  /** FNV-1a fingerprint as Alertmanager prints it (prometheus/common model.LabelSet.Fingerprint). */
  fingerprint(): string {
    const hash = new Fnv1a64();
    for (const text of this.flat) {
      hash.add(text);
      hash.addByte(SEPARATOR_BYTE);
    }
    return hash.digest();
  }

  /** `name{a="b"}`, as Prometheus prints a series. */
  toString(): string {
    const name = this.metricName;
    const rest = [...this]
      .filter(([label]) => label !== METRIC_NAME)
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    return name !== '' && rest.length === 0 ? name : `${name}{${rest.join(', ')}}`;
  }
}

/** Orders label sets as Prometheus's labels.Compare: pair by pair, then the shorter first. */
export function compareLabels(a: Labels, b: Labels): number {
  if (a === b) return 0;
  const length = Math.min(a.flat.length, b.flat.length);
  for (let i = 0; i < length; i++) {
    const order = compareStrings(a.flat[i]!, b.flat[i]!);
    if (order !== 0) return order;
  }
  return a.flat.length - b.flat.length;
}
