import type { Shell } from '../choices.ts';
import type { CommandModel, OptionModel } from './model.ts';

/** The script that a shell reads to complete `program`. Everything is in it: completing starts no process. */
export const completionScript = (shell: Shell, program: string, commands: readonly CommandModel[]): string =>
  SCRIPTS[shell](program, commands);

const SCRIPTS: Readonly<Record<Shell, (program: string, commands: readonly CommandModel[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** In single quotes, for bash and zsh. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const words = (texts: readonly string[]) => quoted(texts.join(' '));
const functionName = (program: string) => `_${program}`;

/** Where nothing is known, `-o default` completes files. */
function bashScript(program: string, commands: readonly CommandModel[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ flags, choices }) => {
        const patterns = flags.map(flag => quoted(`${name} ${flag}`)).join('|');
        return `    ${patterns}) words=${words(choices)}; known=1 ;;`;
      }),
  );
  const flags = commands.map(
    ({ name, options }) => `      ${name}) words=${words(options.flatMap(one => one.flags))} ;;`,
  );
  const operands = commands
    .filter(({ choices }) => choices.length > 0)
    .map(({ name, choices }) => `      ${name}) words=${words(choices)} ;;`);
  return `${functionName(program)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words='' known=''
  case "$command \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  if [[ -n $known ]]; then :
  elif (( COMP_CWORD == 1 )); then words=${words(commands.map(({ name }) => name))}
  elif [[ $cur == -* ]]; then
    case $command in
${flags.join('\n')}
    esac
  else
    case $command in
${operands.join('\n')}
    esac
  fi
  COMPREPLY=()
  if [[ -n $words ]]; then COMPREPLY=( $(compgen -W "$words" -- "$cur") ); fi
}
complete -o default -F ${functionName(program)} ${program}
`;
}

function zshScript(program: string, commands: readonly CommandModel[]): string {
  // Brackets end a description, colons an argument of _arguments.
  const plain = (text: string) => text.replace(/[[\]\\:]/g, character => `\\${character}`);
  const value = (choices: readonly string[]) => (choices.length > 0 ? `(${choices.join(' ')})` : '_files');
  const option = ({ flags, description, takesValue, choices }: OptionModel) =>
    flags.map(flag =>
      quoted(`*${flag}[${plain(description)}]${takesValue ? `:value:${value(choices)}` : ''}`),
    );
  const cases = commands.map(
    ({ name, options, choices }) =>
      `    ${name}) _arguments ${options.flatMap(option).join(' ')} ${quoted(`*:argument:${value(choices)}`)} ;;`,
  );
  return `#compdef ${program}
${functionName(program)}() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${plain(description)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
# Loaded from a folder of functions, this file is the function's first call; else it has been sourced.
if [[ $funcstack[1] == ${functionName(program)} ]]; then ${functionName(program)} "$@"; else compdef ${functionName(program)} ${program}; fi
`;
}

function fishScript(program: string, commands: readonly CommandModel[]): string {
  const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, description, options, choices }) => {
    const within = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${text(description)}`,
      ...(choices.length > 0 ? [`${within} -f -a ${text(choices.join(' '))}`] : []),
      ...options.map(option => `${within} ${fishOption(option)} -d ${text(option.description)}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function fishOption({ flags, takesValue, choices }: OptionModel): string {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  if (!takesValue) return names.join(' ');
  return `${names.join(' ')} ${choices.length > 0 ? `-x -a '${choices.join(' ')}'` : '-r'}`;
}
