/** From where to where, in UTF-16 units, `end` excluded. */
type Span = readonly [start: number, end: number];

/**
 * Userinfo in front of a host, as it is written in addresses. A quote ends it where what follows shows that it closes a
 * text; anywhere else it is part of a password.
 */
const USERINFO: readonly RegExp[] = [
  // `scheme://userinfo@` as RFC 3986 has it: up to the last @ before path, query and fragment.
  /(?<=:\/\/)(?:[^\s/?#"']|["'](?![\s,:\]})]|$))+(?=@)/gm,
  // With a password that holds `/`, `?` or `#`: what follows the colon is no port. Up to the last @.
  /(?<=:\/\/)[^\s/?#"'@:[\]]*:(?!\d{0,5}(?:[/?#\s"',\]})]|$))(?:(?!,\w+:\/\/)[^\s"']|["'](?![\s,:\]})]|$)){1,512}(?=@[\w[])/gm,
  // `user:password@host` without a scheme, as targets are written; not `image:tag@sha256:…`.
  /(?<=^|[\s"'`(){}[\],=])[^\s"'`(){}[\],=/:@]{1,256}:(?!\/\/)(?:[^\s"']|["'](?![\s,:\]})]|$)){1,256}?(?=@(?!sha\d+:)(?:\[[\da-f:.]+\]|[\w.-]+)(?:[\s"'\]}),:/?#]|$))/gm,
  // `token@host:port`. Without a colon and a port it is a mail address.
  /(?<=^|[\s"'`(){}[\],=])[^\s"'`(){}[\],=/:@]{1,256}(?=@(?!sha\d+:)(?:\[[\da-f:.]+\]|[\w.-]+):\d)/gm,
];

/** Where credentials stand in the addresses of a text, in order and without overlaps. */
export function userinfoSpans(text: string): Span[] {
  if (!text.includes('@')) return [];
  const found = USERINFO.flatMap(pattern =>
    Array.from(text.matchAll(pattern), ({ 0: { length }, index }): Span => [index, index + length]),
  );
  const spans: Span[] = [];
  for (const [start, end] of found.sort(([a], [b]) => a - b)) {
    const last = spans.at(-1);
    if (last && start <= last[1]) spans[spans.length - 1] = [last[0], Math.max(last[1], end)];
    else spans.push([start, end]);
  }
  return spans;
}

/**
 * Puts `<secret>` in place of the credentials of addresses, for texts that people will read. User names go with the
 * passwords, since a token may stand in either place (Go's url.URL.Redacted leaves them). Paths and queries stay, as in
 * Prometheus: where an address is secret as a whole, its field says so.
 */
export function hideUserinfo(text: string): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of userinfoSpans(text)) {
    shown += `${text.slice(done, start)}<secret>`;
    done = end;
  }
  return shown + text.slice(done);
}
