import type { BurnThreshold } from '../../../guard/src/server/console-types.ts';

/** How one window's line looks. Hue and dash both differ, so that neither is needed to tell two lines apart. */
export interface LineStyle {
  light: string;
  dark: string;
  dash: number[];
}

/** No red, orange, yellow or green: those are kept for states. */
const STYLES: readonly LineStyle[] = [
  { light: '#1c6fd1', dark: '#5aa9ff', dash: [] },
  { light: '#0b7285', dark: '#3bc9db', dash: [2, 3] },
  { light: '#a61e9d', dark: '#e599f7', dash: [8, 4] },
  { light: '#5f3dc4', dark: '#9775fa', dash: [10, 3, 2, 3] },
];

/** The line style of each window, by its place among the SLO's windows, the shortest first. */
export function lineStyle(windows: readonly string[], window: string): LineStyle {
  const place = Math.max(0, windows.indexOf(window));
  return STYLES[place % STYLES.length] as LineStyle;
}

/** The windows drawn at first: those that page, which are the ones that wake somebody; else the first two. */
export function defaultWindows(windows: readonly string[], thresholds: readonly BurnThreshold[]): string[] {
  const paging = thresholds.filter(threshold => threshold.severity === 'page');
  const fastest = paging.length > 0 ? paging.reduce((a, b) => (a.value >= b.value ? a : b)) : undefined;
  const wanted = fastest ? [fastest.shortWindow, fastest.longWindow] : [];
  const known = windows.filter(window => wanted.includes(window));
  return known.length > 0 ? known : windows.slice(0, 2);
}

/** Whether a threshold speaks of a window that is drawn; others are drawn faintly, for orientation. */
export function appliesTo(threshold: BurnThreshold, windows: readonly string[]): boolean {
  return windows.includes(threshold.shortWindow) || windows.includes(threshold.longWindow);
}

/** The worst severity whose threshold the value of this window is above; an alert needs its other window as well. */
export function exceededSeverity(
  thresholds: readonly BurnThreshold[],
  window: string,
  value: number | null,
): BurnThreshold['severity'] | undefined {
  if (value === null) return undefined;
  const exceeded = thresholds.filter(
    threshold =>
      value > threshold.value && (threshold.shortWindow === window || threshold.longWindow === window),
  );
  return exceeded.find(threshold => threshold.severity === 'page')?.severity ?? exceeded[0]?.severity;
}
