import { formatProblem } from '../../core/index.ts';
import type { Warning } from '../../slo/index.ts';

/** Of one code: what is said a thousand times is read by nobody. */
export const SHOWN_PER_CODE = 10;

/** A line each with its place, the first ones of each code, and how many more there are. */
export function warningLines(warnings: readonly Warning[]): string[] {
  return [...Map.groupBy(warnings, ({ code }) => code)].flatMap(([code, alike]) => {
    const lines = alike.slice(0, SHOWN_PER_CODE).map(lineOf);
    const more = alike.length - lines.length;
    return more > 0 ? [...lines, `${more} more like these; slo-guard lint shows all [${code}]`] : lines;
  });
}

const lineOf = ({ code, message, position }: Warning): string =>
  formatProblem({ code, message, ...(position && { position }) });
