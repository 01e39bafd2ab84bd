/** A message taken apart. */
export interface MailParts {
  /** Unfolded, with encoded words read, in order of their names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly parts: readonly {
    readonly headers: MailParts['headers'];
    readonly content: string;
  }[];
}

/** Takes a `multipart` message apart (RFC 2045 to 2047). @throws when it is none */
export function mailPartsOf(message: string): MailParts {
  const [head, body] = splitHead(message);
  const headers = headersOf(head);
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${type}`);
  const [, ...parts] = body.split(new RegExp(`(?:^|\r\n)--${RegExp.escape(boundary)}(?:\r\n|--)`));
  return {
    headers: headers.map(
      ([name, value]) => [name, plainHeader(name, value.replace(boundary, 'BOUNDARY'))] as const,
    ),
    parts: parts.slice(0, -1).map(part => {
      const [own, content] = splitHead(part);
      const plain = headersOf(own).map(([name, value]) => [name, plainHeader(name, value)] as const);
      return { headers: plain, content: quotedPrintable(content).toString() };
    }),
  };
}

function splitHead(text: string): [head: string, body: string] {
  const end = text.indexOf('\r\n\r\n');
  return [text.slice(0, end), text.slice(end + 4)];
}

function headersOf(head: string): MailParts['headers'] {
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map(
      line =>
        [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          encodedWords(line.slice(line.indexOf(':') + 1).trim()),
        ] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

const ADDRESSES: ReadonlySet<string> = new Set(['from', 'to', 'reply-to']);

/** What may be written in two ways is written in one: quotes around plain words, blanks and case in parameters. */
function plainHeader(name: string, value: string): string {
  if (ADDRESSES.has(name)) return value.replace(/"([\w -]+)"(?= <)/g, '$1');
  return name === 'content-type' ? value.toLowerCase().replace(/;\s+/g, '; ').replaceAll('"', '') : value;
}

const WORD = /=\?utf-8\?([qb])\?([^?]*)\?=/gi;

/** Blanks between two encoded words are none of the text, and a character may begin in one and end in the next. */
function encodedWords(value: string): string {
  const joined = value.replace(/(\?=)\s+(?==\?)/g, '$1');
  return joined.replace(/(?:=\?utf-8\?[qb]\?[^?]*\?=)+/gi, words =>
    Buffer.concat(
      [...words.matchAll(WORD)].map(([, encoding, text]) =>
        encoding!.toLowerCase() === 'b'
          ? Buffer.from(text!, 'base64')
          : quotedPrintable(text!.replaceAll('_', '=20')),
      ),
    ).toString(),
  );
}

function quotedPrintable(text: string): Buffer {
  const unfolded = text.replace(/=\r\n/g, '');
  const bytes = unfolded.replace(/=([0-9A-F]{2})/gi, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

/** What a page says and where it leads, without how it looks. */
export function visiblePage(html: string): { readonly words: string; readonly links: readonly string[] } {
  const body = html.replace(/^.*<body[^>]*>/s, '').replace(/<style.*?<\/style>|<!--.*?-->/gs, '');
  const words = body.replace(/<[^>]*>/g, ' ');
  const links = [...body.matchAll(/\shref="([^"]*)"/g)].map(([, link]) => entities(link!));
  return { words: entities(words).replace(/\s+/g, ' ').trim(), links };
}

const entities = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
