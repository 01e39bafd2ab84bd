import { isUtf8 } from 'node:buffer';
import { ByteTable } from './byte-table.ts';
import { BYTES, FieldWalker } from './field-walker.ts';
import { checkLimit } from './limits.ts';

/** In the request of version 2. */
const SYMBOLS = 4;

/** Numbers that stand for the same symbol in every request. */
export interface SymbolIds {
  /** Of the symbol that `view` has from `start` to `end`; 0 where it cannot be remembered. */
  idOf(view: DataView, start: number, end: number): number;
  /** Forgets everything once the bound is passed, and says so: keys made of ids are then void. */
  trim(): boolean;
}

export function createSymbolIds(maxBytes: number): SymbolIds {
  const table = new ByteTable();
  /** Goes on after a trim: a request that is being read keeps the ids that it got before. */
  let first = 1;
  return {
    idOf(view, start, end) {
      const known = table.find(view, start, end);
      const entry = known >= 0 ? known : table.add(view, start, end);
      return entry < 0 ? UNKNOWN : (first + entry) | 0;
    },
    trim() {
      if (table.bytes <= maxBytes) return false;
      first = (first + table.count) | 0;
      table.clear();
      return true;
    },
  };
}

const UNKNOWN = 0;

/** The symbols of one request, read when they are asked for. */
export interface Symbols {
  readonly count: number;
  /** 0 where the symbol cannot be remembered. */
  id(reference: number): number;
  text(reference: number): string;
  /** Whether the bytes are UTF-8. */
  isText(reference: number): boolean;
}

/** Finds where the symbols are. @throws UserError `remote-write-malformed`, `remote-write-too-large` */
export function readSymbols(body: Buffer, known: SymbolIds): Symbols {
  const count = eachSymbol(body, () => {});
  checkLimit('maxSymbols', count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const ids = new Int32Array(count);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  eachSymbol(body, (index, start, end) => {
    starts[index] = start;
    ends[index] = end;
  });
  return {
    count,
    id(reference) {
      const found = ids[reference]!;
      if (found !== 0) return found;
      const id = known.idOf(view, starts[reference]!, ends[reference]!);
      ids[reference] = id;
      return id;
    },
    text: reference => body.toString('utf8', starts[reference]!, ends[reference]!),
    isText: reference => isUtf8(body.subarray(starts[reference]!, ends[reference]!)),
  };
}

function eachSymbol(body: Buffer, visit: (index: number, start: number, end: number) => void): number {
  const walker = new FieldWalker(body);
  let count = 0;
  while (walker.next(body.length)) {
    if (walker.number !== SYMBOLS) continue;
    walker.expect(BYTES);
    visit(count++, walker.start, walker.end);
  }
  return count;
}
