/** A text with some of its escapes undone, one character a byte of UTF-8. */
export interface TextView {
  readonly bytes: string;
  /** Where each character begins in the bytes of the whole text, and at last where that ends. */
  readonly places: ArrayLike<number>;
}

/** Undoes one kind of escape. */
interface Escape {
  readonly pattern: RegExp;
  /** The bytes that it stands for; undefined when it stands for itself. */
  readonly meaning: (written: string) => string | undefined;
}

const bytesOf = (codePoint: number) =>
  codePoint <= 0x10_ffff ? Buffer.from(String.fromCodePoint(codePoint)).toString('latin1') : undefined;

const JSON_LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const HTML_NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const hexByte = (written: string) => String.fromCharCode(Number.parseInt(written.slice(1), 16));
const PERCENT: Escape = { pattern: /%[0-9a-f]{2}/gi, meaning: hexByte };
/** As forms and queries have it. */
const FORM: Escape = {
  pattern: /%[0-9a-f]{2}|\+/gi,
  meaning: written => (written === '+' ? ' ' : hexByte(written)),
};
/** A surrogate pair is one character. */
const JSON_TEXT: Escape = {
  pattern: /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|x[0-9a-f]{2}|[^ux])/gi,
  meaning(written) {
    if (written.length === 12) {
      const [high, low] = [written.slice(2, 6), written.slice(8)].map(hex => Number.parseInt(hex, 16));
      return bytesOf(0x1_0000 + (high! - 0xd800) * 0x400 + low! - 0xdc00);
    }
    if (written.length > 2) return bytesOf(Number.parseInt(written.slice(2), 16));
    return JSON_LETTERS[written[1]!] ?? written[1]!;
  },
};
const HTML: Escape = {
  pattern: /&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|amp|lt|gt|quot|apos);/gi,
  meaning(written) {
    const inner = written.slice(1, -1).toLowerCase();
    if (!inner.startsWith('#')) return HTML_NAMES[inner];
    return bytesOf(inner[1] === 'x' ? Number.parseInt(inner.slice(2), 16) : Number(inner.slice(1)));
  },
};

/** What an echo may have gone through, the outermost first. */
const LAYERS: readonly (readonly Escape[])[] = [
  [PERCENT],
  [FORM],
  [PERCENT, PERCENT],
  [JSON_TEXT],
  [JSON_TEXT, PERCENT],
  [JSON_TEXT, FORM],
  [JSON_TEXT, JSON_TEXT],
  [HTML],
  [HTML, PERCENT],
  [HTML, JSON_TEXT],
  [JSON_TEXT, HTML],
];

/** The text as it is, and as it reads when what it may have been put through is undone. */
export function viewsOf(text: string): readonly [TextView, ...TextView[]] {
  const bytes = Buffer.from(text).toString('latin1');
  const plain: TextView = { bytes, places: Array.from({ length: bytes.length + 1 }, (_, i) => i) };
  const views = LAYERS.map(layers => layers.reduce(undo, plain));
  // What holds no escape of some kind reads the same without it.
  return [plain, ...new Set(views.filter(view => view !== plain))];
}

/** The same view when it holds no such escape. */
function undo(view: TextView, { pattern, meaning }: Escape): TextView {
  let bytes = '';
  const places: number[] = [];
  let done = 0;
  const keep = (until: number) => {
    bytes += view.bytes.slice(done, until);
    for (let i = done; i < until; i++) places.push(view.places[i]!);
  };
  for (const { 0: written, index } of view.bytes.matchAll(pattern)) {
    const meant = meaning(written);
    if (meant === undefined) continue;
    keep(index);
    bytes += meant;
    for (let i = 0; i < meant.length; i++) places.push(view.places[index]!);
    done = index + written.length;
  }
  if (done === 0) return view;
  keep(view.bytes.length);
  places.push(view.places[view.bytes.length]!);
  return { bytes, places };
}
