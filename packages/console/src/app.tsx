import { Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { Header } from './components/header.tsx';
import { Notices } from './components/notices.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';

const AlertPage = lazy(() => import('./pages/alert/alert-page.tsx'));
const SloPage = lazy(() => import('./pages/slo/slo-page.tsx'));
const TracePage = lazy(() => import('./pages/trace/trace-page.tsx'));

/** The frame around every page, and which page an address shows. */
export function App() {
  return (
    <>
      <a href="#main" className="skip">
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1} className="page">
        <Notices />
        <Suspense>
          <Switch>
            <Route path="/">
              <OverviewPage />
            </Route>
            <Route path="/slo/:service/:slo">
              {({ service, slo }) => <SloPage key={`${service}/${slo}`} service={service} slo={slo} />}
            </Route>
            <Route path="/alert/:fingerprint">
              {({ fingerprint }) => <AlertPage key={fingerprint} fingerprint={fingerprint} />}
            </Route>
            <Route path="/trace/:id">{({ id }) => <TracePage key={id} traceId={id} />}</Route>
            <Route>
              <Title order={1} size="h2">
                No such page
              </Title>
              <Text>
                Nothing of the console is at this address. <Link href="/">To the overview</Link>
              </Text>
            </Route>
          </Switch>
        </Suspense>
      </main>
    </>
  );
}
