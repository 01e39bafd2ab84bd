import type { Path, YamlSource } from '../../config/index.ts';
import type { Problem } from '../../core/index.ts';
import { slosPath } from './spec.ts';
import type { Written } from './written.ts';

const SLI_REMEDY = 'write the query that the plugin gives under sli.events or sli.raw';
const SLO_REMEDY = 'remove it; what the rules hold is decided by slo-guard';

/** Sloth's plugins are Go programs: they are refused by name rather than left out. */
export function pluginProblems({ form, slos, hasPlugins }: Written, source: YamlSource): Problem[] {
  const refusal = (path: Path, what: string, remedy: string): Problem =>
    source.problemAt(path, {
      code: 'unsupported-plugin',
      message: `${what} is a Go program of Sloth's and is not run here`,
      remedy,
    });
  const ofDocument = hasPlugins
    ? [
        refusal(
          form === 'prometheus/v1' ? ['slo_plugins', 'chain', 0] : ['spec', 'sloPlugins', 'chain', 0],
          'a plugin of the SLOs',
          SLO_REMEDY,
        ),
      ]
    : [];
  const ofSlos = slos.flatMap(({ sli, plugins }, i) => {
    const path = [...slosPath(form), i];
    const chain = (plugins?.chain ?? []).map(({ id }, k) =>
      refusal([...path, 'plugins', 'chain', k, 'id'], `plugin ${id}`, SLO_REMEDY),
    );
    return sli.plugin
      ? [refusal([...path, 'sli', 'plugin', 'id'], `plugin ${sli.plugin.id}`, SLI_REMEDY), ...chain]
      : chain;
  });
  return [...ofDocument, ...ofSlos];
}
