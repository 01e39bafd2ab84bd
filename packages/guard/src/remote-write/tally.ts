/** What a request wrote, as version 2 answers it. */
export interface Written {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

export const NOTHING_WRITTEN: Written = { samples: 0, histograms: 0, exemplars: 0 };

/** What becomes of a request, counted while it is read. */
export class Tally {
  samples = 0;
  exemplars = 0;
  /** Samples and histograms that were refused for their labels; in version 1 their series. */
  invalidLabels = 0;
  /** Samples whose series said neither type nor help nor unit. */
  withoutMetadata = 0;
  histogramsRefused = 0;
  exemplarsDropped = 0;
  readonly #problems: string[] = [];
  #problemsLeftOut = 0;

  /** Something was refused that the sender must know of. */
  problem(message: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(message);
    else this.#problemsLeftOut++;
  }

  /** All problems, a line each; the first hundred where there are more. */
  message(): string | undefined {
    if (this.#problems.length === 0) return undefined;
    const more = this.#problemsLeftOut > 0 ? [`and ${this.#problemsLeftOut} more`] : [];
    return [...this.#problems, ...more].join('\n');
  }

  written(): Written {
    return { samples: this.samples, histograms: 0, exemplars: this.exemplars };
  }
}

const MAX_PROBLEMS = 100;
