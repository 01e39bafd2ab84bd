import type { Bench, SeriesLabels } from './bench.ts';

/** Requests a second from an instant on. */
interface Phase {
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
}

export interface Course {
  readonly phases: readonly Phase[];
  /** Where the counters begin; 0 by default. */
  readonly start?: number;
  /** Between scrapes and evaluations, which come right after; 5 s by default. */
  readonly step?: number;
  readonly labels?: SeriesLabels;
  /** False for a service that creates the series of errors with the first error. */
  readonly errorsExist?: boolean;
  /** Called after each evaluation. */
  readonly at?: (time: number) => void;
}

/** Lets traffic run through the phases: scrapes `requests_total` and evaluates at each step. Gives the end. */
export async function runTraffic(bench: Bench, course: Course): Promise<number> {
  const { start = 0, step = 5, labels = {}, errorsExist = true } = course;
  let [good, bad, time] = [0, 0, start];
  const scrape = async () => {
    const series = (status: string) => ({ __name__: 'requests_total', status, ...labels });
    bench.write(time, series('success'), good);
    if (errorsExist || bad > 0) bench.write(time, series('error'), bad);
    await bench.evaluate(time);
    course.at?.(time);
  };
  await scrape();
  for (const phase of course.phases) {
    for (const end = time + phase.seconds; time < end; ) {
      time += step;
      good += phase.good * step;
      bad += phase.bad * step;
      await scrape();
    }
  }
  return time;
}
