import { createTwoFilesPatch } from 'diff';
import pc from 'picocolors';
import { textOf } from './plan.ts';

const CONTEXT_LINES = 3;

/** The unified difference between what is on disk and what would be written; '' where there is none. */
export function renderPlanDiff(files: ReadonlyMap<string, string>, color: boolean): string {
  const paint = pc.createColors(color);
  const painted = (line: string) => {
    if (line.startsWith('+++') || line.startsWith('---')) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  };
  return [...files]
    .flatMap(([path, text]) => {
      const found = textOf(path);
      if (found === text) return [];
      const [from, to] = [found === undefined ? '/dev/null' : `a/${path}`, `b/${path}`];
      const patch = createTwoFilesPatch(from, to, found ?? '', text, undefined, undefined, {
        context: CONTEXT_LINES,
        headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
      });
      return patch.split('\n').map(painted).join('\n');
    })
    .join('');
}
