declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]?: Name };

/** A duration or an instant since the Unix epoch, in milliseconds. */
export type Milliseconds = Unit<'ms'>;
/** A duration or an instant since the Unix epoch, in seconds. */
export type Seconds = Unit<'s'>;
/** A share between 0 and 1, never a percentage. */
export type Ratio = Unit<'ratio'>;

export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
export const ratio = (value: number): Ratio => value as Ratio;

export const toSeconds = (value: Milliseconds): Seconds => ((value as number) / 1000) as Seconds;
