import { defineConfig } from 'vite';

/** Built into the API, which serves it; nothing is loaded from elsewhere. `vite` alone serves it with the API of this machine behind it. */
export default defineConfig({
  base: '/console/',
  build: {
    outDir: '../api/dist/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true }, '/auth': 'http://127.0.0.1:4000' } },
});
