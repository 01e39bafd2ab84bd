import type { Written } from './tally.ts';

/** What became of a request. Samples that are written are synced to disk. */
export type WriteOutcome =
  | { readonly type: 'written'; readonly written: Written }
  /** All that could be stored is; sending the request again cannot help. */
  | { readonly type: 'partial'; readonly written: Written; readonly message: string }
  /** Nothing is stored; sending the request again cannot help. */
  | { readonly type: 'refused'; readonly message: string }
  /** It could not be decompressed; as `refused`. */
  | { readonly type: 'corrupt'; readonly message: string }
  /** Nothing is stored; sending the request again may help. */
  | { readonly type: 'failed'; readonly message: string };
