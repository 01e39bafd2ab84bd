const BLOCKS = '▁▂▃▄▅▆▇█';
const GAP = ' ';

/** One block a value, from the lowest at `min` to the highest at `max`; a blank where there is no value. */
export function sparkline(values: readonly (number | null)[], min: number, max: number): string {
  return values
    .map(value => {
      if (value === null || !Number.isFinite(value)) return GAP;
      const share = max > min ? (value - min) / (max - min) : 1;
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, Math.floor(share * BLOCKS.length)))];
    })
    .join('');
}
