const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const PART = /(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i?|)B/y;

/**
 * Bytes from text such as `10MB`, `512KiB` or `1GB512MB`: powers of 1024 in both spellings, as Prometheus reads sizes
 * (alecthomas/units `ParseBase2Bytes`). `0` needs no unit. Undefined when it is none.
 */
export function parseSize(text: string): number | undefined {
  if (text === '0') return 0;
  let size = 0;
  let at = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (!match) return undefined;
    at = PART.lastIndex;
    size += Number(match[1]) * 1024 ** UNITS.indexOf(`${match[2]!.charAt(0)}B`);
  }
  return text === '' ? undefined : Math.floor(size);
}

/** The size as Prometheus writes it: `512MiB`, `1GiB512MiB`, `0B`. */
export function formatSize(bytes: number): string {
  const parts: string[] = [];
  let rest = bytes;
  for (const [power, unit] of UNITS.entries()) {
    const digit = rest % 1024;
    if (digit > 0) parts.unshift(`${digit}${power === 0 ? 'B' : `${unit.charAt(0)}iB`}`);
    rest = Math.floor(rest / 1024);
  }
  return parts.join('') || '0B';
}
