import { compareLabels, compareStrings, Labels, type Matcher } from '../core/index.ts';

/** Ids of the series that carry one label value, ascending. Ids are given in ascending order and never reused. */
type Postings = number[];

const NONE: Postings = [];

/** Fewer series than this are ordered by comparing their labels; more, by the place of each among all. */
const FEW = 256;

/** From labels to the series that carry them. Each thread keeps its own. */
export class LabelIndex {
  readonly #labels: Array<Labels | undefined> = [];
  readonly #values = new Map<string, Map<string, Postings>>();
  #all: Postings = [];
  /** Every id in the order of labels, and the place of each id in it; undefined since series came or went. */
  #order: { readonly ids: readonly number[]; readonly places: Uint32Array } | undefined;

  get size(): number {
    return this.#all.length;
  }

  labelsOf(id: number): Labels {
    return this.#labels[id] ?? Labels.EMPTY;
  }

  /** Every id, ascending; not to be changed. */
  get ids(): readonly number[] {
    return this.#all;
  }

  /** `id` is larger than any before. */
  add(id: number, labels: Labels): void {
    // Holes are filled: a sparse array would turn into a hash table.
    while (this.#labels.length < id) this.#labels.push(undefined);
    this.#labels[id] = labels;
    this.#all.push(id);
    this.#order = undefined;
    for (const [name, value] of labels) {
      const values = this.#values.get(name) ?? new Map<string, Postings>();
      if (values.size === 0) this.#values.set(name, values);
      const postings = values.get(value);
      if (postings) postings.push(id);
      else values.set(value, [id]);
    }
  }

  remove(ids: ReadonlySet<number>): void {
    const touched = new Map<string, Set<string>>();
    for (const id of ids) {
      for (const [name, value] of this.labelsOf(id)) {
        const values = touched.get(name);
        if (values) values.add(value);
        else touched.set(name, new Set([value]));
      }
      this.#labels[id] = undefined;
    }
    for (const [name, values] of touched) for (const value of values) this.#prune(name, value, ids);
    this.#all = this.#all.filter(id => !ids.has(id));
    this.#order = undefined;
  }

  /** The same ids in the order of their labels. */
  inOrder(ids: readonly number[]): number[] {
    if (ids.length < FEW) return ids.toSorted(this.#compare);
    this.#order ??= this.#orderAll();
    const { ids: all, places } = this.#order;
    return Array.from(Uint32Array.from(ids, id => places[id]!).sort(), place => all[place]!);
  }

  readonly #compare = (a: number, b: number) => compareLabels(this.labelsOf(a), this.labelsOf(b));

  #orderAll() {
    const ids = this.#all.toSorted(this.#compare);
    const places = new Uint32Array(this.#labels.length);
    for (const [place, id] of ids.entries()) places[id] = place;
    return { ids, places };
  }

  #prune(name: string, value: string, ids: ReadonlySet<number>): void {
    const values = this.#values.get(name)!;
    const left = values.get(value)!.filter(id => !ids.has(id));
    if (left.length > 0) values.set(value, left);
    else values.delete(value);
    if (values.size === 0) this.#values.delete(name);
  }

  /** Ids of the series that meet every matcher, ascending. An absent label has the value ''. */
  select(matchers: readonly Matcher[]): readonly number[] {
    let found: readonly number[] | undefined;
    const filters: Matcher[] = [];
    for (const matcher of matchers) {
      // What holds for '' holds for series without the label, which no posting list names.
      if (matcher.matches('')) filters.push(matcher);
      else found = found ? intersect(found, this.#postingsFor(matcher)) : this.#postingsFor(matcher);
      if (found?.length === 0) return NONE;
    }
    return filters.reduce((ids, matcher) => this.#filter(ids, matcher), found ?? this.#all);
  }

  #postingsFor(matcher: Matcher): readonly number[] {
    const values = this.#values.get(matcher.name);
    if (!values) return NONE;
    if (matcher.operator === '=') return values.get(matcher.value) ?? NONE;
    const lists: Postings[] = [];
    for (const [value, postings] of values) if (matcher.matches(value)) lists.push(postings);
    return unite(lists);
  }

  #filter(ids: readonly number[], matcher: Matcher): readonly number[] {
    const verdicts = new Map<string, boolean>();
    return ids.filter(id => {
      const value = this.labelsOf(id).get(matcher.name);
      const verdict = verdicts.get(value) ?? matcher.matches(value);
      verdicts.set(value, verdict);
      return verdict;
    });
  }

  /** Label names among the series that `isVisible` lets through, sorted. */
  names(isVisible: (id: number) => boolean): string[] {
    const names: string[] = [];
    for (const [name, values] of this.#values) {
      for (const postings of values.values()) {
        if (!postings.some(isVisible)) continue;
        names.push(name);
        break;
      }
    }
    return names.sort(compareStrings);
  }

  /** Values of a label among the series that `isVisible` lets through, sorted. */
  values(name: string, isVisible: (id: number) => boolean): string[] {
    const found: string[] = [];
    for (const [value, postings] of this.#values.get(name) ?? [])
      if (postings.some(isVisible)) found.push(value);
    return found.sort(compareStrings);
  }
}

/** Both ascending; the result too. */
function intersect(a: readonly number[], b: readonly number[]): number[] {
  const result: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) result.push(x);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return result;
}

/** Lists of one label's values share no id: every series has one value. */
function unite(lists: readonly Postings[]): readonly number[] {
  if (lists.length <= 1) return lists[0] ?? NONE;
  return lists.flat().sort((a, b) => a - b);
}
