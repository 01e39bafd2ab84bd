import './styles/index.ts';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { MetaProvider } from './api/meta.tsx';
import { App } from './app.tsx';

const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  primaryColor: 'blue',
  // Mantine's own shade holds white text at 3.6:1 only.
  primaryShade: 8,
  defaultRadius: 'md',
});

const root = document.getElementById('root');
if (!root) throw new Error('BUG: index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={new QueryClient()}>
        <MetaProvider>
          <App />
        </MetaProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
