import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from './choices.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Adds `slo-guard completion`; after all other commands, which are then in it. */
export function defineCompletion(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      const { modelOf } = await import('./completion/model.ts');
      const { completionScript } = await import('./completion/scripts.ts');
      process.stdout.write(completionScript(shell, program.name(), modelOf(program)));
      done(EXIT.good);
    });
}

const HELP = `
bash:  slo-guard completion bash > ~/.local/share/bash-completion/completions/slo-guard
zsh:   slo-guard completion zsh > "\${fpath[1]}/_slo-guard"
fish:  slo-guard completion fish > ~/.config/fish/completions/slo-guard.fish`;
