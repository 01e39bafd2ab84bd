import { findZoneFile, type ZoneFile, type ZoneTime } from './zone-file.ts';

/**
 * An IANA zone's offset and abbreviation, as Go's time package tells them: by the machine's tz database, or by ICU
 * where there is none.
 *
 * @param fileOf tells zones apart by the tz database
 * @throws RangeError for an unknown zone
 */
export function zoneTimeOf(zone: string, milliseconds: number, fileOf = zoneFile): ZoneTime {
  if (zone === 'UTC') return { offsetSeconds: 0, abbreviation: 'UTC' };
  const offsetSeconds = offsetOf(zone, milliseconds);
  const known = fileOf(zone)?.at(Math.floor(milliseconds / 1000), offsetSeconds);
  return known ?? { offsetSeconds, abbreviation: abbreviationOf(zone, milliseconds, offsetSeconds) };
}

const files = new Map<string, ZoneFile | undefined>();

/** Zones that exist are few, so that all of them can be kept. */
function zoneFile(zone: string): ZoneFile | undefined {
  if (!files.has(zone)) files.set(zone, findZoneFile(zone));
  return files.get(zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, style: 'longOffset' | 'short'): Intl.DateTimeFormat {
  const key = `${zone} ${style}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: style });
  formats.set(key, made);
  return made;
}

const zoneName = (formatter: Intl.DateTimeFormat, milliseconds: number) =>
  formatter.formatToParts(milliseconds).find(part => part.type === 'timeZoneName')!.value;

function offsetOf(zone: string, milliseconds: number): number {
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(
    zoneName(format(zone, 'longOffset'), milliseconds),
  );
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** Where there is no name that English speakers use, the offset stands for it. */
function abbreviationOf(zone: string, milliseconds: number, offsetSeconds: number): string {
  const name = zoneName(format(zone, 'short'), milliseconds);
  if (/^[A-Z]{2,5}$/.test(name)) return name;
  const size = Math.abs(offsetSeconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(size / 60) % 60;
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${minutes === 0 ? '' : two(minutes)}`;
}
