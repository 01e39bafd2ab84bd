import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import type { SHELLS } from '../choices.ts';
import { modelOf } from './model.ts';
import { completionScript } from './scripts.ts';

const program = new Command('slo-guard');
program
  .command('query')
  .description("ask: it's [a] `test`")
  .option('-o, --output <file>', 'where $HOME is')
  .addOption(new Option('--format <format>', 'of it').choices(['table', 'json']))
  .option('--json', 'plain');
program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));

const script = (shell: (typeof SHELLS)[number]) => completionScript(shell, program.name(), modelOf(program));

describe('a completion script', () => {
  it('for bash knows commands, options and values', () => {
    expect(script('bash')).toContain("words='query completion'");
    expect(script('bash')).toContain("query) words='--output -o --format --json --help -h' ;;");
    expect(script('bash')).toContain("'query --format') words='table json'; known=1 ;;");
    expect(script('bash')).toContain("'query --output'|'query -o') words=''; known=1 ;;");
    expect(script('bash')).toContain("completion) words='bash zsh' ;;");
  });

  it('for zsh has descriptions, with what would end them escaped', () => {
    expect(script('zsh')).toMatch(/^#compdef slo-guard\n/);
    expect(script('zsh')).toContain("'query:ask\\: it'\\''s \\[a\\] `test`'");
    expect(script('zsh')).toContain("'*--format[of it]:value:(table json)'");
    expect(script('zsh')).toContain("'*-o[where $HOME is]:value:_files'");
  });

  it('for fish is a line for each command and option', () => {
    expect(script('fish')).toContain(
      "complete -c slo-guard -n __fish_use_subcommand -f -a query -d 'ask: it\\'s [a] `test`'\n",
    );
    expect(script('fish')).toContain("-l format -x -a 'table json' -d 'of it'\n");
    expect(script('fish')).toContain("-l output -s o -r -d 'where $HOME is'\n");
  });
});
