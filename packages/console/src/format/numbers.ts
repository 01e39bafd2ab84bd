/** What stands where nothing was measured. */
export const ABSENT = '–';

/**
 * A burn rate as people say it: `0×`, `0.42×`, `14.4×`, `100×`. A tiny but positive rate never prints as zero,
 * since zero claims that nothing failed.
 */
export function formatBurn(value: number | null): string {
  if (value === null) return ABSENT;
  if (value === 0) return '0×';
  if (Math.abs(value) < 0.01) return '<0.01×';
  if (value < 1) return `${trimZeros(value.toFixed(2))}×`;
  if (value < 99.95) return `${trimZeros(value.toFixed(1))}×`;
  return `${Math.round(value).toLocaleString('en')}×`;
}

/**
 * A share as a percentage with up to `digits` decimals, cut rather than rounded away from 100 % and towards 0 %:
 * 0.99996 prints `99.9 %`, because 100 % says that nothing was lost.
 */
export function formatPercent(ratio: number | null, digits = 1): string {
  if (ratio === null) return ABSENT;
  const scale = 10 ** digits;
  // The nudge undoes binary fractions such as 0.982 × 100 = 98.19999….
  const cut = Math.floor(ratio * 100 * scale + 1e-6) / scale;
  return `${trimZeros(cut.toFixed(digits))} %`;
}

/** An objective as it was declared: 0.99 prints `99 %`, 0.9995 prints `99.95 %`. */
export function formatObjective(objective: number): string {
  return `${Number((objective * 100).toPrecision(10))} %`;
}

/** `1 span`, `2 spans`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
