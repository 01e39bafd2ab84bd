/** How the failures among events are told by a label. */
export interface Outcome {
  readonly label: string;
  /** Matchers of the failures, and of everything else. */
  readonly bad: string;
  readonly good: string;
  /** Whether the failures have series now; a counter of them may else be born with the first one. */
  readonly hasBad: boolean;
  readonly isBad: (value: string) => boolean;
}

interface Vocabulary {
  readonly labels: readonly string[];
  /** Whether the label's values are of this vocabulary. */
  readonly speaks: (values: readonly string[]) => boolean;
  readonly isBad: (value: string) => boolean;
  /** Regular expression of the failures that may still come. */
  readonly pattern: string;
}

const WORDS_BAD = ['error', 'failure', 'failed', 'timeout', 'exception', 'server_error', 'internal_error'];
const WORDS_GOOD = ['success', 'ok', 'succeeded', 'successful'];
/** Codes that tell of the server's own faults (grpc/grpc, doc/statuscodes.md). */
const GRPC_BAD = [
  'Unknown',
  'DeadlineExceeded',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unimplemented',
  'ResourceExhausted',
];

const lower = (words: readonly string[]) => new Set(words.map(word => word.toLowerCase()));
const [wordsBad, wordsGood, grpcBad] = [lower(WORDS_BAD), lower(WORDS_GOOD), lower(GRPC_BAD)];

const VOCABULARIES: readonly Vocabulary[] = [
  {
    labels: ['code', 'status', 'status_code', 'http_status', 'http_status_code', 'http_response_status_code'],
    speaks: values => values.every(value => /^[1-5](\d\d|xx)$/i.test(value)),
    isBad: value => value.startsWith('5'),
    pattern: '5..',
  },
  {
    labels: ['grpc_code', 'rpc_grpc_status_code', 'code', 'status'],
    speaks: values => values.some(value => value === 'OK' || grpcBad.has(value.toLowerCase())),
    isBad: value => grpcBad.has(value.toLowerCase()),
    pattern: GRPC_BAD.join('|'),
  },
  {
    labels: ['status', 'result', 'outcome', 'state', 'code'],
    speaks: values =>
      values.some(value => wordsBad.has(value.toLowerCase()) || wordsGood.has(value.toLowerCase())),
    isBad: value => wordsBad.has(value.toLowerCase()),
    pattern: WORDS_BAD.join('|'),
  },
];

/** The label that tells failures among rows; undefined when none does. */
export function outcomeOf(rows: readonly Readonly<Record<string, string>>[]): Outcome | undefined {
  for (const { labels, speaks, isBad, pattern } of VOCABULARIES) {
    for (const label of labels) {
      const values = [...new Set(rows.map(row => row[label] ?? ''))].filter(value => value !== '').sort();
      if (values.length === 0 || !speaks(values)) continue;
      const seen = values.filter(isBad);
      const exact = seen.length === 1 && pattern !== '5..' ? seen[0] : undefined;
      const text = JSON.stringify(
        exact ?? (pattern === '5..' || seen.length === 0 ? pattern : seen.join('|')),
      );
      return {
        label,
        bad: exact === undefined ? `${label}=~${text}` : `${label}=${text}`,
        good: exact === undefined ? `${label}!~${text}` : `${label}!=${text}`,
        hasBad: seen.length > 0,
        isBad,
      };
    }
  }
  return undefined;
}
