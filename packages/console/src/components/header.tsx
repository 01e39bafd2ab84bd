import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconExternalLink, IconMoon, IconSun } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { StackLinks } from '../../../guard/src/server/console-types.ts';
import { useConnection, useMeta } from '../api/meta.tsx';
import { useBrowserNow } from '../api/polling.ts';
import { formatAge } from '../format/time.ts';

const LINKS: ReadonlyArray<readonly [keyof StackLinks, label: string]> = [
  ['prometheus', 'Prometheus'],
  ['alertmanager', 'Alertmanager'],
  ['jaeger', 'Jaeger'],
  ['receiver', 'Receiver'],
  ['serviceA', 'service_a'],
  ['serviceB', 'service_b'],
];

/** Name, version, the ways into the other parts of the stack, and whether what the page shows is live. */
export function Header() {
  const meta = useMeta();
  return (
    <header className="header">
      <div className="header-inner">
        <Link href="/" className="brand" aria-label="slo-guard, to the overview">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span>slo-guard</span>
        </Link>
        {meta.data && <span className="dim version">{meta.data.version}</span>}
        {meta.data && meta.data.timeScale !== 1 && (
          <span className="badge badge-pending" data-testid="time-scale">
            time ×{meta.data.timeScale}
          </span>
        )}
        <nav aria-label="Parts of the stack" className="stack-links">
          {LINKS.map(([part, label]) => {
            const address = meta.data?.links[part];
            if (!address) return null;
            return (
              <a key={part} href={address} target="_blank" rel="noreferrer">
                {label}
                <IconExternalLink size={12} aria-hidden />
                <span className="visually-hidden">(opens a new tab)</span>
              </a>
            );
          })}
        </nav>
        <Liveness />
        <ColorSchemeToggle />
      </div>
    </header>
  );
}

function Liveness() {
  const meta = useMeta();
  const connection = useConnection();
  const now = useBrowserNow();
  const seen = meta.data ? `seen ${formatAge(meta.receivedAt, now)}` : 'no connection';
  return (
    <span className={`liveness ${connection}`} data-testid="liveness">
      {connection === 'lost' ? seen : connection}
    </span>
  );
}

function ColorSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={`Switch to ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}
