import { isUtf8 } from 'node:buffer';
import { BYTES, FieldWalker } from './field-walker.ts';
import { checkLimit } from './limits.ts';

/** In the request of version 2. */
const SYMBOLS = 4;

/** Numbers that stand for the same symbol in every request. */
export interface SymbolIds {
  /** `symbol` as Latin-1: its bytes. Never 0. */
  idOf(symbol: string): number;
  /** Forgets everything once the bound is passed, and says so: keys made of ids are then void. */
  trim(): boolean;
}

/** What a symbol costs besides its bytes. */
const OVERHEAD_BYTES = 60;

export function createSymbolIds(maxBytes: number): SymbolIds {
  const ids = new Map<string, number>();
  let bytes = 0;
  /** Goes on after a trim: a request that is being read keeps the ids that it got before. */
  let lastId = 0;
  return {
    idOf(symbol) {
      const known = ids.get(symbol);
      if (known !== undefined) return known;
      lastId = (lastId + 1) | 0 || 1;
      ids.set(symbol, lastId);
      bytes += symbol.length + OVERHEAD_BYTES;
      return lastId;
    },
    trim() {
      if (bytes <= maxBytes) return false;
      ids.clear();
      bytes = 0;
      return true;
    },
  };
}

/** The symbols of one request, read when they are asked for. */
export interface Symbols {
  readonly count: number;
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
  eachSymbol(body, (index, start, end) => {
    starts[index] = start;
    ends[index] = end;
  });
  return {
    count,
    id(reference) {
      const found = ids[reference]!;
      if (found !== 0) return found;
      const id = known.idOf(body.toString('latin1', starts[reference]!, ends[reference]!));
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
