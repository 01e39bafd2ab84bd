import { type Command, Option } from 'commander';
import { collect } from './option-values.ts';

/** The variable that gives the address where no `--url` does. */
const URL_VARIABLE = 'PROMETHEUS_URL';
const DEFAULT_URL = 'http://127.0.0.1:9090';

/** Adds the options that `connectionOf` reads. */
export function addConnectionOptions(command: Command): Command {
  return addClientOptions(
    command.addOption(
      new Option('--url <url>', 'the Prometheus, a path included').env(URL_VARIABLE).default(DEFAULT_URL),
    ),
  );
}

/** Adds the options that `connectionOf` reads besides the address. */
export function addClientOptions(command: Command): Command {
  return command
    .option('--header <header>', "sent with every request, 'Name: value'; repeatable", collect)
    .option(
      '--user <name>',
      'basic authentication; the password comes from SLO_GUARD_PASSWORD, or as name:password',
    )
    .option('--cacert <file>', 'certificates (PEM) to trust instead of the built-in ones')
    .option('--http.config.file <file>', "as promtool's: Prometheus's HTTP client options")
    .option('-k, --insecure', 'do not check the certificate of the server');
}
