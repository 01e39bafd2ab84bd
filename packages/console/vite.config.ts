import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running guard; the built console is served by the guard itself. */
const guard = process.env.SLO_GUARD_CONSOLE ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // The page's policy is default-src 'self': nothing may be inlined as a data: address or a script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': guard } },
});
