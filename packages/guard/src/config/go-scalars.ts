/** What a scalar without quotes is to Go's YAML library; integers stay apart from floats. */
export type GoScalar = string | bigint | number | boolean | null;

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word): [string, boolean] => [word, true],
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word): [string, boolean] => [word, false],
  ),
]);

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((word): [string, number] => [word, Number.NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, number] => [word, Infinity]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, number] => [word, -Infinity]),
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const LARGEST_UNSIGNED = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

/**
 * Resolves a scalar without quotes as gopkg.in/yaml.v2 and sigs.k8s.io/yaml do (YAML 1.1, resolve.go): `010` is 8, `on`
 * is true, `1_000` is 1000. Times stay texts.
 */
export function goScalar(source: string): GoScalar {
  if (NULLS.has(source)) return null;
  const word = TRUTH.get(source) ?? SPECIAL.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(source)) return source;
  const digits = source.replaceAll('_', '');
  const integer = INTEGER.exec(digits);
  if (integer) {
    const value = integerOf(integer);
    if (value >= SMALLEST && value <= LARGEST_UNSIGNED) return value;
  }
  return FLOAT.test(digits) ? Number(digits) : source;
}

function integerOf([, sign, hex, binary, octal, decimal]: RegExpExecArray): bigint {
  const size = BigInt(
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : decimal!,
  );
  return sign === '-' ? -size : size;
}
