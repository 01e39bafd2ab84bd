/** Names as Go's os.Expand takes them: in braces, one of the shell's special characters, or a run of word characters. */
const VARIABLE = /\$(?:\{([^}]*)\}|([*#$@!?\d-])|(\w+))/g;

/**
 * Fills `$NAME` and `${NAME}` as Prometheus does in external labels; `$$` is a dollar sign.
 *
 * @param onMissing told of variables that are not set or empty, which leave nothing behind
 */
export const expandEnvironment = (
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  onMissing: (name: string) => void,
): string =>
  text.replace(VARIABLE, (_, braced?: string, special?: string, bare?: string) => {
    const name = braced ?? special ?? bare ?? '';
    if (name === '$') return '$';
    if (name === '') return '';
    const value = environment[name] ?? '';
    if (value === '') onMissing(name);
    return value;
  });
