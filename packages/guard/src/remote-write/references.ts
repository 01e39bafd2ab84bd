import { BYTES, type FieldWalker, VARINT } from './field-walker.ts';
import { checkLimit } from './limits.ts';
import type { SentLabel } from './series-identity.ts';
import type { Symbols } from './symbols.ts';

/** References of label names and values in turn, as version 2 has them; used again and again. */
export class LabelReferences {
  #references = new Uint32Array(128);
  #ids = new Int32Array(128);
  #idView = new DataView(this.#ids.buffer);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** Adds those of the field that the walker is on, packed or not. */
  read(walker: FieldWalker): void {
    if (walker.wireType !== VARINT) walker.expect(BYTES);
    const { end } = walker;
    walker.at = walker.start;
    while (walker.at < end) {
      if (this.#count === this.#references.length) this.#grow();
      this.#references[this.#count++] = walker.varint(end);
    }
  }

  #grow(): void {
    checkLimit('maxLabels', this.#count / 2);
    const longer = new Uint32Array(this.#count * 2);
    longer.set(this.#references);
    this.#references = longer;
    this.#ids = new Int32Array(longer.length);
    this.#idView = new DataView(this.#ids.buffer);
  }

  /** What keeps them from being labels (Prometheus: write/v2/symbols.go `desymbolizeLabels`). */
  problem(symbols: Symbols): string | undefined {
    if (this.#count % 2 !== 0) return `invalid labelRefs length ${this.#count}`;
    for (let i = 0; i < this.#count; i += 2) {
      const name = this.#references[i]!;
      const value = this.#references[i + 1]!;
      if (name >= symbols.count || value >= symbols.count)
        return `labelRefs ${name} (name) = ${value} (value) outside of symbols table (size ${symbols.count})`;
    }
    return undefined;
  }

  /** The key that the same labels have in every request: ids of symbols; false where one cannot be remembered. */
  makeKey(symbols: Symbols): boolean {
    for (let i = 0; i < this.#count; i++) {
      const id = symbols.id(this.#references[i]!);
      if (id === 0) return false;
      this.#ids[i] = id;
    }
    return true;
  }

  /** The bytes of the key that was made last, and how many there are. */
  get keyView(): DataView {
    return this.#idView;
  }
  get keyLength(): number {
    return this.#count * this.#ids.BYTES_PER_ELEMENT;
  }

  labels(symbols: Symbols): SentLabel[] {
    const labels: SentLabel[] = [];
    for (let i = 0; i < this.#count; i += 2) {
      const name = this.#references[i]!;
      const value = this.#references[i + 1]!;
      const isText = symbols.isText(name) && symbols.isText(value);
      labels.push({ name: symbols.text(name), value: symbols.text(value), isText });
    }
    return labels;
  }

  /** As Go prints a slice, for messages. */
  toString(): string {
    const shown = this.#references.subarray(0, Math.min(this.#count, 100)).join(' ');
    return this.#count > 100 ? `[${shown} …]` : `[${shown}]`;
  }
}
