import { checkShape, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import type { SloFormat } from '../format.ts';
import type { Maintenance, Slo } from '../model.ts';
import { instantOf, merged } from './intervals.ts';
import { MAINTENANCE_SCHEMA } from './schema.ts';

interface MaintenanceDocument {
  readonly services: readonly string[];
  /** `SERVICE/SLO` */
  readonly slos: readonly string[];
  readonly windows: readonly Maintenance[];
  readonly source: YamlSource;
}

/** Documents of our own that say when events of others' objectives do not count. */
export const MAINTENANCE: SloFormat<MaintenanceDocument> = {
  title: 'maintenance',
  header: 'apiVersion: slo-guard/v1',
  recognises: ({ apiVersion }) => apiVersion === 'slo-guard/v1',
  read(source) {
    try {
      return { documents: [documentOf(source)], problems: [] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { documents: [], problems: error.problems };
    }
  },
  toSlos: () => ({ slos: [], problems: [], warnings: [] }),
  amend: (documents, slos, { complete }) => ({
    slos: slos.map(slo => excluded(slo, documents)),
    problems: complete ? documents.flatMap(document => unknownNames(document, slos)) : [],
  }),
};

function documentOf(source: YamlSource): MaintenanceDocument {
  const { services = [], slos = [], windows } = checkShape(MAINTENANCE_SCHEMA, source).spec;
  return {
    services,
    slos,
    windows: windows.map(({ from, to }) => ({ from: instantOf(from)!, to: instantOf(to)! })),
    source,
  };
}

const nameOf = ({ service, name }: Slo) => `${service}/${name}`;

const isMeant = (slo: Slo, { services, slos }: MaintenanceDocument) =>
  (services.length === 0 && slos.length === 0) ||
  services.includes(slo.service) ||
  slos.includes(nameOf(slo));

function excluded(slo: Slo, documents: readonly MaintenanceDocument[]): Slo {
  const more = documents.filter(document => isMeant(slo, document)).flatMap(({ windows }) => windows);
  if (more.length === 0) return slo;
  const { guard, maintenance } = slo.exclusions;
  return { ...slo, exclusions: { guard, maintenance: merged([...maintenance, ...more]) } };
}

function unknownNames(
  { services, slos: names, source }: MaintenanceDocument,
  slos: readonly Slo[],
): Problem[] {
  const known = { services: new Set(slos.map(({ service }) => service)), slos: new Set(slos.map(nameOf)) };
  const unknown = (field: 'services' | 'slos', list: readonly string[], code: string) =>
    list.flatMap((name, i) =>
      known[field].has(name)
        ? []
        : [
            source.problemAt(['spec', field, i], {
              code,
              message: `there is no ${field === 'slos' ? 'SLO' : 'service'} ${name}`,
              remedy: 'write it as the labels have it: the value of `service`, or SERVICE/SLO',
            }),
          ],
    );
  return [...unknown('services', services, 'unknown-service'), ...unknown('slos', names, 'unknown-slo')];
}
