import type { MetaAnswer, StackLinks } from '../../../../guard/src/server/console-types.ts';
import { Command } from '../../components/command.tsx';

interface FirstStepsProps {
  meta: MetaAnswer | undefined;
  /** No service has had any traffic yet: the steps are the first thing on the page rather than folded at its end. */
  quiet: boolean;
}

/** The demonstration in three commands: break the backend, ask the gateway a hundred times, mend it. */
export function FirstSteps({ meta, quiet }: FirstStepsProps) {
  if (!meta) return null;
  const { serviceA, serviceB } = meta.links;
  if (!serviceA || !serviceB) return quiet ? <NoDemo /> : null;
  const steps = <Steps links={{ serviceA, serviceB }} />;
  if (quiet) {
    return (
      <section className="first-steps" aria-labelledby="first-steps" data-testid="first-steps">
        <h2 id="first-steps">No traffic yet. Burn a budget on purpose:</h2>
        {steps}
      </section>
    );
  }
  return (
    <details className="first-steps" data-testid="first-steps">
      <summary>Burn a budget on purpose</summary>
      {steps}
    </details>
  );
}

function Steps({ links }: { links: { [Part in 'serviceA' | 'serviceB']: NonNullable<StackLinks[Part]> } }) {
  const failmode = `${bare(links.serviceB)}/admin/failmode`;
  return (
    <ol>
      <li>
        <p>Make every request to the backend fail.</p>
        <Command
          label="inject errors"
          text={`curl -X POST ${failmode} -H "Content-Type: application/json" -d '{"mode": "error", "error_rate": 1.0}'`}
        />
      </li>
      <li>
        <p>
          Send a hundred requests, and watch the burn rate pass 14.4× here; the page follows within a minute.
        </p>
        <Command
          label="send 100 requests"
          text={`for i in $(seq 1 100); do curl -s ${bare(links.serviceA)}/work > /dev/null; done`}
        />
      </li>
      <li>
        <p>Mend it, and see the alert resolve once the windows have passed.</p>
        <Command label="reset" text={`curl -X POST ${failmode} -d '{"mode": "none"}'`} />
      </li>
    </ol>
  );
}

function NoDemo() {
  return (
    <section className="first-steps" aria-labelledby="first-steps" data-testid="first-steps">
      <h2 id="first-steps">No traffic yet</h2>
      <p>
        The objectives are loaded, but none of them has counted a request. Check below that their services are
        scraped, then send one a request.
      </p>
    </section>
  );
}

const bare = (address: string): string => address.replace(/\/+$/, '');
