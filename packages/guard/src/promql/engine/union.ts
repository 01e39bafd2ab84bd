import type { VectorMatching } from '../ast.ts';
import type { EvalContext } from './context.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { matchingLabels } from './signatures.ts';

/** The `or` of any number of vectors: a sample stays where no vector before has one with its matching labels. */
export interface Union {
  /** Takes the next vector, whose samples are held in the budget. */
  add(frame: Frame): void;
  finish(): Frame;
}

export function createUnion(ctx: EvalContext, matching: VectorMatching): Union {
  const { steps, query } = ctx;
  /** By matching labels: the steps at which there is a sample already. */
  const taken = new Map<string, Uint8Array>();
  const kept: Frame[] = [];

  function stepsOf(key: string): Uint8Array {
    const known = taken.get(key);
    if (known) return known;
    const fresh = new Uint8Array(steps);
    taken.set(key, fresh);
    return fresh;
  }

  return {
    add(frame) {
      const keys = frame.labels.map(labels => stepsOf(matchingLabels(labels, matching).key));
      const present = frame.present.slice();
      for (let cell = 0; cell < present.length; cell++)
        if (keys[Math.floor(cell / steps)]![cell % steps] === 1) present[cell] = 0;
      // Only now: samples of one vector do not exclude each other.
      for (let cell = 0; cell < present.length; cell++)
        if (present[cell] === 1) keys[Math.floor(cell / steps)]![cell % steps] = 1;
      const added = { ...frame, present };
      query.budget.release(countPresent(frame) - countPresent(added));
      kept.push(added);
    },
    finish: () => mergeDuplicates(join(kept, steps)),
  };
}

function join(frames: readonly Frame[], steps: number): Frame {
  const joined = createFrame(
    frames.flatMap(({ labels }) => labels),
    steps,
    frames.flatMap(({ dropName }) => dropName),
  );
  let at = 0;
  for (const { values, present } of frames) {
    joined.values.set(values, at);
    joined.present.set(present, at);
    at += values.length;
  }
  return joined;
}
