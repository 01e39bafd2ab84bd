declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]?: Name };

/** A duration or an instant since the Unix epoch, in milliseconds. */
export type Milliseconds = Unit<'ms'>;
/** A duration or an instant since the Unix epoch, in seconds. */
export type Seconds = Unit<'s'>;
/** A share between 0 and 1, never a percentage. */
export type Ratio = Unit<'ratio'>;
/** A share between 0 and 100. Neither can stand for the other: `ofPercent` and `toPercent` lead between them. */
export type Percent = Unit<'percent'>;

export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
export const ratio = (value: number): Ratio => value as Ratio;

export const toSeconds = (value: Milliseconds): Seconds => ((value as number) / 1000) as Seconds;
export const percent = (value: number): Percent => value as Percent;

/** Digits that mean something; the rest is noise of the arithmetic. */
const DIGITS = 12;

export const ofPercent = (value: Percent): Ratio =>
  ratio(Number(((value as number) / 100).toPrecision(DIGITS)));
export const toPercent = (value: Ratio): Percent =>
  percent(Number(((value as number) * 100).toPrecision(DIGITS)));
