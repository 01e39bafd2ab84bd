import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where systems keep the tz database, in the order in which Go looks for it (time/zoneinfo_unix.go). */
const FOLDERS = ['/usr/share/zoneinfo', '/usr/share/lib/zoneinfo', '/usr/lib/locale/TZ', '/etc/zoneinfo'];
const NAME = /^[\w+-]+(?:\/[\w+-]+)*$/;

/** What one zone is called, by the tz database. */
export interface ZoneFile {
  /**
   * What holds at an instant in seconds. Beyond the times that it lists the file has a rule for the year, which others
   * know how to read: the one of its offsets that is given is meant, and undefined is none of them.
   */
  at(unixSeconds: number, offsetSeconds: number): ZoneTime | undefined;
}

/** The machine's file of a zone; undefined where it has none that can be read. */
export function findZoneFile(zone: string): ZoneFile | undefined {
  if (!NAME.test(zone)) return undefined;
  for (const folder of FOLDERS)
    try {
      return readZoneFile(readFileSync(join(folder, zone)));
    } catch {
      // The next one may have it.
    }
  return undefined;
}

/** How far a zone is from UTC at an instant, and what it is called then. */
export interface ZoneTime {
  readonly offsetSeconds: number;
  readonly abbreviation: string;
}

interface ZoneType extends ZoneTime {
  readonly isDaylight: boolean;
}

/** Reads a TZif file (RFC 9636), whose second block has 64-bit times. @throws when it is none */
export function readZoneFile(bytes: Buffer): ZoneFile {
  if (bytes.toString('latin1', 0, 4) !== 'TZif' || bytes[4]! < 0x32) throw new Error('no TZif of version 2');
  const first = countsAt(bytes, 0);
  const start = HEADER_BYTES + sizeOf(first, 4);
  const counts = countsAt(bytes, start);
  const times = start + HEADER_BYTES;
  const indexes = times + counts.times * 8;
  const types = indexes + counts.times;
  const names = types + counts.types * 6;
  const typeAt = (index: number): ZoneType => {
    const at = types + index * 6;
    const name = names + bytes[at + 5]!;
    return {
      offsetSeconds: bytes.readInt32BE(at),
      isDaylight: bytes[at + 4] !== 0,
      abbreviation: bytes.toString('latin1', name, bytes.indexOf(0, name)),
    };
  };
  const all = Array.from({ length: counts.types }, (_, i) => typeAt(i));
  const initial = all.find(({ isDaylight }) => !isDaylight) ?? all[0];
  const rest = footerOf(bytes.toString('latin1', start + HEADER_BYTES + sizeOf(counts, 8)));
  return {
    at(unixSeconds, offsetSeconds) {
      const known = lastAtOrBefore(unixSeconds, counts.times, i =>
        Number(bytes.readBigInt64BE(times + i * 8)),
      );
      if (known === counts.times - 1 && rest.length > 0)
        return rest.find(type => type.offsetSeconds === offsetSeconds);
      return known < 0 ? initial : all[bytes[indexes + known]!];
    },
  };
}

const HEADER_BYTES = 44;

interface Counts {
  readonly marks: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

function countsAt(bytes: Buffer, start: number): Counts {
  const [utc, standard, leaps, times, types, characters] = [20, 24, 28, 32, 36, 40].map(at =>
    bytes.readUInt32BE(start + at),
  ) as [number, number, number, number, number, number];
  return { marks: utc + standard, leaps, times, types, characters };
}

/** Of a block's data, whose times take so many bytes. */
const sizeOf = ({ marks, leaps, times, types, characters }: Counts, width: number) =>
  times * (width + 1) + types * 6 + characters + leaps * (width + 4) + marks;

/** The place of the last of so many rising values that is not above the limit; -1 where all are. */
function lastAtOrBefore(limit: number, count: number, valueAt: (index: number) => number): number {
  let low = -1;
  for (let high = count; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

const NAME_AND_OFFSET = /^(<[^>]+>|[A-Za-z]+)([-+]?)(\d+)(?::(\d+))?(?::(\d+))?(.*)$/s;

/** The names of what holds after the last time, from `CET-1CEST,M3.5.0,M10.5.0/3`: standard time and, where there is one, the other. */
function footerOf(text: string): readonly ZoneTime[] {
  const standard = NAME_AND_OFFSET.exec(text.replaceAll('\n', ''));
  if (!standard) return [];
  const offsetSeconds = offsetOf(standard);
  const found = [{ abbreviation: plain(standard[1]!), offsetSeconds }];
  const rest = standard[6]!;
  const daylight = /^(<[^>]+>|[A-Za-z]+)/.exec(rest);
  if (!daylight) return found;
  const own = NAME_AND_OFFSET.exec(rest.split(',')[0]!);
  return [
    ...found,
    { abbreviation: plain(daylight[1]!), offsetSeconds: own ? offsetOf(own) : offsetSeconds + 3600 },
  ];
}

/** POSIX counts what is west of Greenwich as positive. */
function offsetOf([, , sign, hours, minutes = '0', seconds = '0']: RegExpExecArray): number {
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? size : -size;
}

const plain = (name: string) => name.replace(/[<>]/g, '');
