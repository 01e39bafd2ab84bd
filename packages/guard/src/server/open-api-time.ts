import type { Milliseconds } from '../core/index.ts';
import { readRfc3339 } from './go-time.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const MINUTES = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)Z?$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)$/;
/** Only after milliseconds or microseconds. */
const ZONE_WITHOUT_COLON = /(\.\d{3}|\.\d{6})([+-]\d\d)(\d\d)$/;

/**
 * An instant as Alertmanager's API reads it (go-openapi/strfmt ParseDateTime): RFC 3339 and shorter forms, which are
 * UTC; nothing is the beginning of 1970. Undefined for anything else.
 */
export function readOpenApiTime(text: string): Milliseconds | undefined {
  if (text === '') return 0;
  const [, day, minutes] = MINUTES.exec(text) ?? [];
  if (day && minutes) return readRfc3339(`${day}T${minutes}:00Z`);
  const [, localDay, time] = LOCAL.exec(text) ?? [];
  if (localDay && time) return readRfc3339(`${localDay}T${time}Z`);
  if (DAY.test(text)) return readRfc3339(`${text}T00:00:00Z`);
  return readRfc3339(text.replace(ZONE_WITHOUT_COLON, '$1$2:$3'));
}
