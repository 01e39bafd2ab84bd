import type { Milliseconds } from '../../core/index.ts';

/** Go's Duration.String for whole seconds: `1h0m0s`, `2m0s`, `0s`. */
export function goDuration(length: Milliseconds): string {
  const seconds = length / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
