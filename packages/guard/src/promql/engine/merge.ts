import { duplicateLabels } from './context.ts';
import { createFrameBuilder, type Frame } from './frame.ts';

/** Joins rows that have the same labels. @throws UserError `promql-execution` when two have a sample at one step */
export function mergeDuplicates(frame: Frame): Frame {
  const { labels, steps } = frame;
  if (labels.length < 2) return frame;
  if (new Set(labels.map(each => each.key)).size === labels.length) return frame;
  const merged = createFrameBuilder(steps, labels.length);
  for (const [row, rowLabels] of labels.entries()) {
    const target = merged.rowOf(rowLabels, frame.dropName[row]!);
    for (let step = 0; step < steps; step++) {
      const cell = row * steps + step;
      if (frame.present[cell] === 0) continue;
      if (merged.has(target, step)) throw duplicateLabels();
      merged.set(target, step, frame.values[cell]!);
    }
  }
  return merged.finish();
}
