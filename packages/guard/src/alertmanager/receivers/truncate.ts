const MARK = '…';

/** The text cut to so many characters, the last of them an ellipsis (Alertmanager's notify.TruncateInRunes). */
export function truncateRunes(text: string, max: number): string {
  if (text.length <= max) return text;
  const runes = Array.from(text);
  return runes.length <= max ? text : runes.slice(0, max - 1).join('') + MARK;
}
