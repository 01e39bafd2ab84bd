import type { GoTime, TemplateFunction } from '../../template/index.ts';

/** As time.Time marshals: RFC 3339 with the fraction's zeros left out. */
export const goTimeNano = (time: GoTime): string =>
  (time as unknown as { Format: TemplateFunction }).Format('2006-01-02T15:04:05.999999999Z07:00') as string;
