import { defineConfig } from 'vite';
import { contentPolicy } from './build/content-policy.ts';
import { look } from './build/look-plugin.ts';

export default defineConfig({
  base: './',
  plugins: [look(), contentPolicy()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        // The map's worker ships as .mjs, which not every server knows to be a script.
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith('.mjs'))
            ? 'assets/worker-[hash].js'
            : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
