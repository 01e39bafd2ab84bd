import type { Command, Option } from 'commander';

/** What can be completed after one command's name. */
export interface CommandModel {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionModel[];
  /** The values of its argument, where they are known; files otherwise. */
  readonly choices: readonly string[];
}

export interface OptionModel {
  /** `--json`, `-o`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The values, where they are known; files otherwise. */
  readonly choices: readonly string[];
}

/** Everything that a program offers, `--help` included. */
export function modelOf(program: Command): CommandModel[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    options: command.createHelp().visibleOptions(command).map(optionOf),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));
}

const optionOf = ({ long, short, description, required, optional, argChoices }: Option): OptionModel => ({
  flags: [long, short].filter(flag => flag != null),
  description,
  takesValue: required || optional,
  choices: argChoices ?? [],
});
